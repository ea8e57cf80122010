"""The commands of `callqa`, one file each."""
