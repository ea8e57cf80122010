"""A sentence encoder of a moment: two layers, hidden 32, random weights, one token a character."""

from __future__ import annotations

from pathlib import Path


def make_encoder(folder: Path, texts: list[str]) -> str:
    """Write the encoder, with a vocabulary of the characters of texts; its path."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", *sorted({c for text in texts for c in text})]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=160, pad_token_id=0,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return str(folder)
