"""The painting benchmark: its models have the sizes of the real ones, and it runs to the end."""

import json

import pytest


def test_the_smallest_run_fills_every_row(tmp_path):
    import torch

    from bench.gpu.__main__ import main

    threads = torch.get_num_threads()
    try:
        out = tmp_path / "gpu.json"
        small = ["--models", "small", "--steps", "3", "--repeats", "1", "--batches", "1", "--device", "cpu"]
        main([*small, "--dtype", "float32", "--compiled", "--out", str(out)])
    finally:
        torch.set_num_threads(threads)
    (run,) = json.loads(out.read_text())["runs"]
    rows = {line["row"]: line for line in run["rows"]}
    assert list(rows) == [
        "plain diffusers", "own loop, all off", "+ channels last", "+ attention kernels", "+ fused QKV",
        "+ conditions once", "all that keep the picture", "+ ControlNet for 60 %", "+ guidance for 60 %",
        "all (+ reuse 3)", "few steps (4, no guidance)",
    ]  # fmt: skip
    for name, line in rows.items():
        assert line["images_per_second"] > 0
        assert line["peak_gib"] > 0
        assert line["tflops"] > 0
        assert 0 < line["share_of_matmul"] < 1
        assert line["psnr_db"] >= 30 or not line["keeps"], name
    flop = {name: line["tflops"] / line["images_per_second"] for name, line in rows.items()}
    assert flop["all (+ reuse 3)"] < flop["+ guidance for 60 %"] < flop["+ ControlNet for 60 %"]
    assert flop["+ ControlNet for 60 %"] < flop["all that keep the picture"] <= flop["own loop, all off"]


@pytest.mark.parametrize(
    ("name", "unet_millions", "net_millions", "unet_gflop", "net_gflop"),
    [("sd15", 860, 361, 803, 283), ("sdxl", 2567, 1251, 6761, 3020)],
)
def test_a_model_of_full_size_has_the_weights_and_the_arithmetic_of_the_real_one(
    name, unet_millions, net_millions, unet_gflop, net_gflop
):
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from bench.gpu.building import built
    from imagegen.diffusion.networks import control, whole

    meta = torch.device("meta")
    model = built(name, meta, torch.bfloat16)
    unet, net = model.modules.unet, model.modules.controls["depth"]
    assert round(sum(weights.numel() for weights in unet.parameters()) / 1e6) == unet_millions
    assert round(sum(weights.numel() for weights in net.parameters()) / 1e6) == net_millions

    def counted(call, channels):
        cells, kind = model.size // 8, {"device": meta, "dtype": torch.bfloat16}
        inputs = {
            "sample": torch.empty((1, channels, cells, cells), **kind), "time": torch.empty(1, device=meta),
            "text": torch.empty((1, 77, unet.config.cross_attention_dim), **kind),
            "condition": torch.empty((1, 3, model.size, model.size), **kind),
        }  # fmt: skip
        if name == "sdxl":
            inputs |= {"pooled": torch.empty((1, 1280), **kind), "sizes": torch.empty((1, 6), **kind)}
        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            call(inputs)
        return counter.get_total_flops() / 1e9

    assert counted(whole(unet), 9) == pytest.approx(unet_gflop, rel=0.01)
    assert counted(control(net), 4) == pytest.approx(net_gflop, rel=0.02)
