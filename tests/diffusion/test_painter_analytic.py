"""What the painter tells its networks, proved by networks that know the answer."""

import numpy as np
import pytest
import torch

from imagegen.diffusion.options import PLAIN, Options
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Sampling, Window
from tests.diffusion.analytic import SCALING, flat, modules, pixels
from tests.diffusion.painting import SIZE, keeping_left, never, picture, request

ORANGE = (0.9, 0.5, 0.1)
TEAL = (0.1, 0.6, 0.7)
LEFT, RIGHT = np.s_[:, : SIZE // 2], np.s_[:, SIZE // 2 :]


def to_orange(call):
    return flat(*ORANGE).expand(call.sample.shape)


def asked(**changes):
    sampling = changes.pop("sampling", Sampling(steps=6, sampler="unipc", guidance=1.0))
    return request(**{"words": "", "unwanted": "", "controls": {}, "sampling": sampling} | changes)


def painted(made, *requests, options=PLAIN):
    paintings = Painter(made, options).paint(requests, never)
    return [painting.picture for painting in paintings]


def assert_shows(shown, expected):
    assert np.abs(shown.astype(int) - np.asarray(expected).astype(int)).max() <= 1


@pytest.mark.parametrize("channels", [4, 9])
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("sampler", ["unipc", "dpmpp", "trailing", "lcm"])
def test_what_is_painted_shows_the_aim_in_its_colours_and_what_is_kept_shows_the_picture(sampler, prediction, channels):
    wish = asked(sampling=Sampling(steps=6, sampler=sampler, guidance=1.0))
    (shown,) = painted(modules(to_orange, channels, prediction), wish)
    assert_shows(shown[RIGHT], pixels(ORANGE)[RIGHT])
    assert_shows(shown[LEFT], wish.picture[LEFT])


def test_the_other_way_round_nothing_of_that_holds():
    wish = asked()
    (shown,) = painted(modules(to_orange), asked(keep=1 - wish.keep))
    assert_shows(shown[RIGHT], wish.picture[RIGHT])
    assert np.abs(shown[RIGHT].astype(int) - pixels(ORANGE)[RIGHT]).mean() > 20
    assert np.abs(shown[LEFT].astype(int) - wish.picture[LEFT]).mean() > 20


def test_the_mask_channel_says_one_where_it_is_painted():
    def aim(call):
        return torch.where(call.mask > 0.5, flat(*ORANGE), flat(*TEAL))

    (shown,) = painted(modules(aim, channels=9), asked())
    assert_shows(shown[RIGHT], pixels(ORANGE)[RIGHT])


def test_an_inpainting_network_sees_the_scaled_picture_where_it_is_kept_and_grey_where_it_is_painted():
    def mirrored(call):
        return call.masked.flip(-1)

    wish = asked()
    made = modules(mirrored, channels=9)
    (shown,) = painted(made, wish)
    assert_shows(shown[RIGHT], wish.picture[:, ::-1][RIGHT])
    assert float(made.unet.calls[0].masked[..., 4:].abs().max()) == 0.0


def test_a_network_is_told_the_time_of_each_level_from_the_noisiest_down():
    made = modules(to_orange)
    painted(made, asked())
    times = [int(call.time) for call in made.unet.calls]
    assert times == sorted(times, reverse=True)
    assert times[0] > 900
    spreads = [float(call.sample[..., 4:].std()) for call in made.unet.calls]
    assert spreads == sorted(spreads, reverse=True)


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.5])
def test_guidance_goes_from_the_unwanted_words_through_the_wanted_ones(scale):
    def aim(call):
        return flat(0.5, 0.5, 0.5) + 0.1 * call.text[:, :1, :1].unsqueeze(-1)

    wish = asked(words="aaa", unwanted="a", sampling=Sampling(steps=6, sampler="unipc", guidance=scale))
    made = modules(aim)
    (shown,) = painted(made, wish)
    level = 0.5 + 0.05 * (1 + scale * (3 - 1))
    assert_shows(shown[RIGHT], pixels((level,) * 3)[RIGHT])
    assert {len(call.text) for call in made.unet.calls} == {1 if scale == 1.0 else 2}


def test_guidance_is_applied_in_its_share_of_the_steps_and_the_other_half_is_not_computed_outside():
    def aim(call):
        return flat(0.5, 0.5, 0.5) + 0.1 * call.text[:, :1, :1].unsqueeze(-1)

    def with_guided(guided):
        made = modules(aim)
        sampling = Sampling(steps=6, sampler="unipc", guidance=3.0, guided=guided)
        (shown,) = painted(made, asked(words="aa", unwanted="a", sampling=sampling))
        return shown[RIGHT], [len(call.text) for call in made.unet.calls]

    early, late = with_guided((0.0, 0.5)), with_guided((0.5, 1.0))
    assert early[1] == [2, 2, 2, 1, 1, 1]
    assert late[1] == [1, 1, 1, 2, 2, 2]
    assert_shows(early[0], pixels((0.6,) * 3)[RIGHT])
    assert_shows(late[0], pixels((0.7,) * 3)[RIGHT])


@pytest.mark.parametrize("options", [PLAIN, Options(device="cpu")])
def test_a_controlnet_sees_its_condition_in_rgb_and_speaks_with_its_weight(options):
    def aim(call):
        return call.residual

    wish = asked(controls={"depth": pixels(TEAL)}, windows={"depth": Window(0.5)})
    (shown,) = painted(modules(aim, controls=["depth"]), wish, options=options)
    assert_shows(shown[RIGHT], pixels([0.5 + 0.25 * part for part in TEAL])[RIGHT])


@pytest.mark.parametrize("options", [PLAIN, Options(device="cpu")])
def test_controlnets_are_added_and_each_is_heard_in_its_own_window(options):
    def aim(call):
        return flat(0.5, 0.5, 0.5) if call.residual is None else call.residual

    def shown(first, second):
        wish = asked(
            controls={"depth": pixels((1.0, 0.0, 0.0)), "edges": pixels((0.0, 0.0, 1.0))},
            windows={"depth": first, "edges": second},
        )
        return painted(modules(aim, controls=["depth", "edges"]), wish, options=options)[0][RIGHT]

    assert_shows(shown(Window(0.5), Window(0.8)), pixels((0.75, 0.5, 0.9))[RIGHT])
    assert_shows(shown(Window(0.5, 0.0, 0.5), Window(0.8, 0.5)), pixels((0.5, 0.5, 0.9))[RIGHT])
    assert_shows(shown(Window(0.5, 0.5), Window(0.8, 0.0, 0.5)), pixels((0.75, 0.5, 0.5))[RIGHT])


def test_each_request_of_a_batch_has_its_own_condition_weight_and_words():
    def aim(call):
        return call.residual + 0.1 * call.text[:, :1, :1].unsqueeze(-1)

    one = asked(controls={"depth": pixels(TEAL)}, windows={"depth": Window(0.5)}, words="a")
    two = asked(controls={"depth": pixels(ORANGE)}, windows={"depth": Window(0.8)}, words="aa")
    first, second = painted(modules(aim, controls=["depth"]), one, two)
    assert_shows(first[RIGHT], pixels([0.55 + 0.25 * part for part in TEAL])[RIGHT])
    assert_shows(second[RIGHT], pixels([0.6 + 0.4 * part for part in ORANGE])[RIGHT])


def test_a_request_without_a_condition_does_not_hear_the_others_controlnet():
    def aim(call):
        return flat(0.5, 0.5, 0.5) if call.residual is None else call.residual

    with_one, without = asked(controls={"depth": pixels(TEAL)}), asked()
    shown = painted(modules(aim, controls=["depth"]), with_one, without)[1]
    assert_shows(shown[RIGHT], pixels((0.5,) * 3)[RIGHT])


def levels(made, wish):
    """(samples, the original noised as far) of each call."""
    noise = torch.randn((1, 4, SIZE // 8, SIZE // 8), generator=torch.Generator().manual_seed(wish.seed))
    image = torch.from_numpy(wish.picture / 127.5 - 1).permute(2, 0, 1)[None].float()
    original = made.vae.encode(image).latent_dist.mode() * SCALING
    products = [made.scheduler.alphas_cumprod[int(call.time)] for call in made.unet.calls]
    return [
        (call.sample, p.sqrt() * original + (1 - p).sqrt() * noise)
        for call, p in zip(made.unet.calls, products, strict=True)
    ]


def test_strength_is_the_share_of_the_way_and_starts_from_the_noised_picture():
    made, wish = modules(to_orange), asked(strength=0.5, keep=np.zeros((SIZE, SIZE), np.float32))
    painted(made, wish)
    assert len(made.unet.calls) == 3
    sample, noised = levels(made, wish)[0]
    assert torch.allclose(sample, noised, atol=1e-5)


def test_at_no_strength_the_picture_comes_back():
    wish = asked(strength=0.0)
    assert_shows(painted(modules(to_orange), wish)[0], wish.picture)


def test_what_is_kept_is_the_noised_picture_before_every_step_but_the_first():
    made, wish = modules(to_orange), asked()
    painted(made, wish)
    for sample, noised in levels(made, wish)[1:]:
        assert torch.allclose(sample[..., :4], noised[..., :4], atol=1e-5)
        assert not torch.allclose(sample[..., 4:], noised[..., 4:], atol=1e-2)


def test_a_pixel_kept_by_half_is_held_for_half_of_the_steps_and_painted_in_the_others():
    made, wish = modules(to_orange), asked(keep=np.full((SIZE, SIZE), 0.5, np.float32))
    (shown,) = painted(made, wish)
    held = [torch.allclose(sample, noised, atol=1e-5) for sample, noised in levels(made, wish)[1:]]
    assert held == [True, True, True, False, False]
    assert_shows(shown, pixels(ORANGE))


def test_a_soft_band_is_freed_from_its_outside_in():
    made = modules(to_orange)
    wish = asked(keep=np.tile(np.repeat(np.linspace(0, 1, 8, dtype=np.float32), 8), (SIZE, 1)))
    painted(made, wish)
    held = [
        int((sample - noised).abs().amax(dim=(0, 1, 2)).lt(1e-5).sum()) for sample, noised in levels(made, wish)[1:]
    ]
    assert held == sorted(held, reverse=True)
    assert held[0] > held[-1] >= 1


@pytest.mark.parametrize("channels", [4, 9])
def test_kept_everywhere_the_picture_comes_back(channels):
    wish = asked(keep=np.ones((SIZE, SIZE), np.float32), picture=picture(5))
    assert_shows(painted(modules(to_orange, channels), wish)[0], wish.picture)


def test_a_narrow_band_around_what_is_kept_is_all_that_harmonising_changes():
    keep = np.ones((SIZE, SIZE), np.float32)
    keep[24:40, 24:40] = 0
    wish = asked(keep=keep, strength=0.5)
    (shown,) = painted(modules(to_orange), wish)
    assert_shows(shown[24:40, 24:40], pixels(ORANGE)[24:40, 24:40])
    assert_shows(shown[keep == 1], wish.picture[keep == 1])


def test_the_left_half_that_the_tests_keep_is_the_left_half():
    assert keeping_left()[LEFT].min() == 1
    assert keeping_left()[RIGHT].max() == 0
