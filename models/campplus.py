"""CAM++, the voiceprint network: a convolutional front and a densely connected TDNN with context-aware masking.

Wang et al., "CAM++: A fast and efficient network for speaker verification using context-aware masking"
(arXiv:2303.00332), as published by 3D-Speaker. Names of parameters are those of the published weights.
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional

MELS = 80  # bands of the filter bank it hears
WIDTH = 192  # of a voiceprint
_CHANNELS = 32  # of the convolutional front
_GROWTH, _NECK = 32, 128  # channels that each dense layer adds, and those it squeezes its input to
_FIRST = 128
_BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers and dilation of each dense block
_SEGMENT = 100  # frames that share one context mask


class CamPlusPlus(nn.Module):
    """Voiceprints (batch, 192) of filter banks (batch, frames, 80) whose mean over time is zero."""

    def __init__(self) -> None:
        super().__init__()
        self.head = _Front()
        parts: OrderedDict[str, nn.Module] = OrderedDict()
        parts["tdnn"] = _conv_bn(_CHANNELS * MELS // 8, _FIRST, 5, stride=2, padding=2)
        width = _FIRST
        for i, (layers, dilation) in enumerate(_BLOCKS, 1):
            parts[f"block{i}"] = _Dense(width, layers, dilation)
            width += layers * _GROWTH
            parts[f"transit{i}"] = _bn_conv(width, width // 2)
            width //= 2
        parts["out_nonlinear"] = _bn_relu(width)
        self.xvector = nn.Sequential(parts)
        self.dense = nn.Sequential(
            OrderedDict(
                linear=nn.Conv1d(2 * width, WIDTH, 1, bias=False),
                nonlinear=nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(WIDTH, affine=False))),
            )
        )

    def forward(self, banks: Tensor) -> Tensor:
        x = self.xvector(self.head(banks.transpose(1, 2).unsqueeze(1)))
        pooled = torch.cat([x.mean(dim=-1), x.std(dim=-1)], dim=-1)
        return self.dense(pooled.unsqueeze(-1)).squeeze(-1)


class _Front(nn.Module):
    """Two-dimensional convolutions that fold 80 bands to 10, four times as many channels as frames stay."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, _CHANNELS, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(_CHANNELS)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(_CHANNELS, _CHANNELS, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(_CHANNELS)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.layer2(self.layer1(x))
        return functional.relu(self.bn2(self.conv2(x))).flatten(1, 2)


class _Residual(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(_CHANNELS, _CHANNELS, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(_CHANNELS)
        self.conv2 = nn.Conv2d(_CHANNELS, _CHANNELS, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(_CHANNELS)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(_CHANNELS, _CHANNELS, 1, stride=(stride, 1), bias=False), nn.BatchNorm2d(_CHANNELS)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + self.shortcut(x))


class _Dense(nn.Module):
    """Each layer hears what came in and what all layers before it found."""

    def __init__(self, width: int, layers: int, dilation: int) -> None:
        super().__init__()
        for i in range(layers):
            self.add_module(f"tdnnd{i + 1}", _DenseLayer(width + i * _GROWTH, dilation))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x)], dim=1)
        return x


class _DenseLayer(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _bn_relu(width)
        self.linear1 = nn.Conv1d(width, _NECK, 1, bias=False)
        self.nonlinear2 = _bn_relu(_NECK)
        self.cam_layer = _Mask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        return self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))


class _Mask(nn.Module):
    """A dilated convolution, masked by what the whole stretch and its second sound like."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(_NECK, _GROWTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(_NECK, _NECK // 2, 1)
        self.linear2 = nn.Conv1d(_NECK // 2, _GROWTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        near = functional.avg_pool1d(x, _SEGMENT, _SEGMENT, ceil_mode=True)
        context = x.mean(dim=-1, keepdim=True) + near
        mask = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        mask = mask.repeat_interleave(_SEGMENT, dim=-1)[..., : x.shape[-1]]
        return self.linear_local(x) * mask


def _bn_relu(width: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(width), relu=nn.ReLU()))


def _bn_conv(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(nonlinear=_bn_relu(width), linear=nn.Conv1d(width, out, 1, bias=False)))


def _conv_bn(width: int, out: int, kernel: int, stride: int, padding: int) -> nn.Sequential:
    conv = nn.Conv1d(width, out, kernel, stride=stride, padding=padding, bias=False)
    return nn.Sequential(OrderedDict(linear=conv, nonlinear=_bn_relu(out)))
