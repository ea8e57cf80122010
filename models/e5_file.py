"""Turns the packaged 4-bit e5 file into what transformers loads: safetensors, config and tokenizer.

Layout of the file (little endian): "E5S1", version, seven int32 (hidden, layers, heads, inner, rows of the word
table, positions, token types), float32 epsilon, int32 block; the tokenizer (pieces with scores, normalisation map);
a directory of tensors. Matrices are Q4_0: blocks of 32 weights as one float16 scale and 16 bytes, low nibbles first.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 32
_LAYER = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, form: str) -> Any:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    def array(self, dtype: str, n: int) -> np.ndarray:
        values = np.frombuffer(self.data, dtype, n, self.at)
        self.at += values.nbytes
        return values


def convert(source: Path, folder: Path) -> None:
    """Write model.safetensors (float16), config.json, tokenizer.json and tokenizer_config.json into `folder`."""
    from safetensors.numpy import save_file

    reader = _Reader(source.read_bytes())
    if reader.take("4s") != b"E5S1":
        raise ValueError(f"{source} is not an E5S1 file")
    reader.take("I")
    hidden, layers, heads, inner, rows, positions, types = reader.take("7i")
    epsilon, _block = reader.take("fi")
    _write_tokenizer(reader, folder)
    tensors = {}
    for name, dtype, count, offset in _directory(reader):
        if name in _EMBEDDINGS:
            target = _EMBEDDINGS[name]
        else:
            layer, _, part = name.partition(".")
            target = f"encoder.layer.{layer[1:]}.{_LAYER[part]}"
        packed = dtype == 1 or target.endswith(
            ("dense.weight", "query.weight", "key.weight", "value.weight", "word_embeddings.weight")
        )
        values = _unpack(reader.data, offset, count) if packed else np.frombuffer(reader.data, "<f4", count, offset)
        width = inner if target.endswith("output.dense.weight") and "attention" not in target else hidden
        shaped = values.reshape(-1, width) if "weight" in target and "LayerNorm" not in target else values
        tensors[target] = np.ascontiguousarray(shaped, dtype=np.float16)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "vocab_size": rows,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))


def _unpack(data: bytes, offset: int, count: int) -> np.ndarray:
    """Q4_0 blocks to float32, flat."""
    blocks = np.frombuffer(data, [("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)], count // BLOCK, offset)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    quants = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    return (quants * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _directory(reader: _Reader) -> list[tuple[str, int, int, int]]:
    entries = []
    for _ in range(reader.take("i")):
        name = reader.take(f"{reader.take('H')}s").decode()
        dtype, count = reader.take("BI")
        offset, _size = reader.take("QQ")
        entries.append((name, dtype, count, offset))
    return entries


def _write_tokenizer(reader: _Reader, folder: Path) -> None:
    """A unigram tokenizer as XLM-R has it: NFKC, one space, metaspace, <s> ... </s>."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces, bos, eos, pad, unk = reader.take("5i")
    blob_size = reader.take("Q")
    offsets, scores = reader.array("<u4", pieces + 1), reader.array("<f4", pieces)
    blob = reader.array("u1", blob_size).tobytes()
    reader.take("i")
    reader.array("u1", reader.take("I"))  # the normalisation map; NFKC below covers it
    words = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(pieces)]
    tokenizer = Tokenizer(models.Unigram([(w, float(s)) for w, s in zip(words, scores, strict=True)], unk_id=unk))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    begin, end = words[bos], words[eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, bos), (end, eos)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"bos_token": begin, "eos_token": end, "pad_token": words[pad], "unk_token": words[unk]}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512} | special
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False, indent=1))
