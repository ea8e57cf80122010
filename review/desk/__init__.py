"""The web desk 质检台: people hear the evidence, agree or correct, and see how far the machine can be trusted."""
