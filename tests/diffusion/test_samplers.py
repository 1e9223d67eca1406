"""Each sampler against diffusers' scheduler of the same name, on a random network."""

import pytest

from imagegen.diffusion.samplers import SAMPLERS, sampler
from imagegen.errors import UnknownNameError

THEIRS = {
    "ddim": ("DDIMScheduler", {}),
    "dpmpp": ("DPMSolverMultistepScheduler", {}),
    "euler": ("EulerDiscreteScheduler", {}),
    "lcm": ("LCMScheduler", {}),
    "tcd": ("TCDScheduler", {}),
    "trailing": ("EulerDiscreteScheduler", {"timestep_spacing": "trailing"}),
    "unipc": ("UniPCMultistepScheduler", {}),
}


def trained(**changes):
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, clip_sample=False,
        set_alpha_to_one=False, **changes,
    )  # fmt: skip


def network():
    """Not smooth in time and not linear: what any wrong level, order or weight would change."""
    import torch

    torch.manual_seed(7)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(4, 16, 3, padding=1), torch.nn.SiLU(), torch.nn.Conv2d(16, 4, 3, padding=1)
    )
    return lambda x, t: torch.tanh(net(x) * (1 + torch.sin(torch.as_tensor(t).float() / 90)))


def theirs(name, steps, first, noise, net, scheduler):
    import diffusers
    import torch

    kind, changes = THEIRS[name]
    made = getattr(diffusers, kind).from_config(scheduler.config, **changes)
    made.set_timesteps(steps)
    made.set_begin_index(first) if hasattr(made, "set_begin_index") else None
    x, extra = noise * made.init_noise_sigma, {}
    if name in {"lcm", "tcd"}:
        extra = {"generator": torch.Generator().manual_seed(3)}
    for t in made.timesteps[first:]:
        x = made.step(net(made.scale_model_input(x, t), t), t, x, return_dict=False, **extra)[0]
    return x


def ours(name, steps, first, noise, net, scheduler):
    import torch

    chosen = sampler(name, scheduler, steps)
    schedule, fresh = chosen.schedule, torch.Generator().manual_seed(3)
    x = noise * schedule.start
    for i in range(first, steps):
        out, a, s = net(x, schedule.times[i]), schedule.alphas[i], schedule.sigmas[i]
        clean = (x - s * out) / a if scheduler.config.prediction_type == "epsilon" else a * x - s * out
        x = chosen.step(i, x, clean, lambda: torch.randn(noise.shape, generator=fresh))
    return x


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_a_sampler_from_pure_noise_ends_where_diffusers_ends(name, prediction):
    import torch

    scheduler, net = trained(prediction_type=prediction), network()
    noise = torch.randn((2, 4, 8, 8), generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        for steps in (1, 2, 9):
            a, b = ours(name, steps, 0, noise, net, scheduler), theirs(name, steps, 0, noise, net, scheduler)
            assert torch.allclose(a, b, atol=2e-4, rtol=1e-4), (steps, float((a - b).abs().max()))


@pytest.mark.parametrize("name", sorted(set(SAMPLERS) - {"euler", "trailing"}))
def test_a_sampler_that_joins_later_ends_where_diffusers_ends(name):
    import torch

    scheduler, net = trained(), network()
    noise = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        a, b = ours(name, 10, 4, noise, net, scheduler), theirs(name, 10, 4, noise, net, scheduler)
    assert torch.allclose(a, b, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("name", sorted(SAMPLERS))
def test_the_levels_of_a_schedule_lose_noise_and_keep_their_length(name):
    schedule = sampler(name, trained(), 8).schedule
    assert len(schedule.times) == 8
    assert len(schedule.alphas) == len(schedule.sigmas) == 9
    assert list(schedule.sigmas) == sorted(schedule.sigmas, reverse=True)
    assert all(abs(a * a + s * s - 1) < 1e-6 for a, s in zip(schedule.alphas, schedule.sigmas, strict=True))


def test_an_unknown_sampler_is_refused_with_the_names_that_exist():
    with pytest.raises(UnknownNameError, match="dpmpp, euler"):
        sampler("magic", trained(), 4)
