"""The element in pages of others: it shows what was asked for, and answers readers and scripts."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.reader import serious
from embed.site_of import (
    MODEL,
    ONE,
    POSTER,
    bundle,
    growth,
    heard,
    last,
    level,
    ready,
    show,
    until,
    write_json,
)


def test_a_model_runs_under_a_strict_policy_and_asks_nothing_of_other_sites(
    page: Page, folder: Path, site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    show(page, folder, ONE)
    ready(page)
    assert last(page) == pytest.approx(level(0.1), rel=1e-14)
    assert all(url.startswith((site, f"blob:{site[:-9]}")) for url in asked), asked
    assert not [url for url in asked if "pyodide" in url or "python" in url]


def test_ten_models_are_usable_at_once_with_two_workers_and_one_module_each(page: Page, folder: Path) -> None:
    page.add_init_script(
        """window.count = { workers: 0, modules: 0 };
        const Own = Worker;
        window.Worker = class extends Own {
            constructor(...given) { super(...given); count.workers++; }
            terminate() { super.terminate(); count.workers--; }
        };
        const compile = WebAssembly.compile;
        WebAssembly.compile = (...given) => { count.modules++; return compile(...given); };"""
    )
    names = ["sir", "predator-prey", "teacup", "fishery", "bass-diffusion"] * 2
    body = "".join(f'<penstock-model loading="eager" src="{name}.json"></penstock-model>' for name in names)
    show(page, folder, body)
    ready(page)
    # The budget is 1.5 s; a loaded machine of two cores is given three times that.
    assert page.evaluate("performance.now()") < 4500
    assert page.evaluate("count") == {"workers": 2, "modules": 5}
    memory = page.context.new_cdp_session(page).send("Runtime.getHeapUsage")
    assert memory["usedSize"] + memory.get("backingStorageSize", 0) < 100e6
    page.evaluate("document.querySelector('main').replaceChildren()")
    until(page, "count.workers === 0")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_keeps_readers_out(page: Page, folder: Path, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    show(
        page,
        folder,
        '<penstock-model src="predator-prey.json"></penstock-model>',
        policy="default-src * data: blob: 'unsafe-inline' 'unsafe-eval'",
    )
    ready(page)
    assert serious(page) == []


def test_the_page_below_never_moves(page: Page, folder: Path) -> None:
    show(page, folder, f'<penstock-model src="sir.json">{POSTER}</penstock-model><p id="below">Below.</p>')
    where = "document.querySelector('#below').getBoundingClientRect().top"
    before = page.evaluate(f"customElements.whenDefined('penstock-model').then(() => {where})")
    ready(page)
    page.wait_for_timeout(300)
    assert page.evaluate(where) == before
    shifts = page.evaluate(
        """() => new Promise(done => {
            const seen = [];
            const note = ({ value, sources }) => seen.push([value, ...sources.map(({ node }) => node?.nodeName)]);
            const watch = new PerformanceObserver(list => list.getEntries().forEach(note));
            watch.observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(seen), 200);
        })"""
    )
    # Labels that are put beside curves may move once, inside the model.
    assert sum(value for value, *_ in shifts) < 0.01


def test_without_scripts_and_in_print_a_reader_sees_the_poster(
    browser: Browser, page: Page, folder: Path, site: str
) -> None:
    name = show(page, folder, f'<penstock-model src="sir.json">{POSTER}</penstock-model>')
    ready(page)
    poster = page.locator("img")
    assert not poster.is_visible()
    page.emulate_media(media="print")
    assert poster.is_visible()
    assert not page.get_by_test_id("play").is_visible()
    with browser.new_context(base_url=site, java_script_enabled=False) as context:
        bare = context.new_page()
        bare.goto(name)
        assert bare.locator("img").is_visible()


@pytest.mark.parametrize(
    ("view", "parts"),
    [
        ("chart", ["ps-charts"]),
        ("diagram", ["ps-diagram"]),
        ("table", ["ps-table"]),
        ("both", ["ps-diagram", "ps-charts"]),
    ],
)
def test_the_view_is_what_was_asked_for(page: Page, folder: Path, view: str, parts: list[str]) -> None:
    show(page, folder, f'<penstock-model src="sir.json" view="{view}"></penstock-model>')
    ready(page)
    shown = page.evaluate(
        f"[...{MODEL}.shadowRoot.querySelectorAll('ps-diagram,ps-charts,ps-table')].map(el => el.localName)"
    )
    assert shown == parts


def test_a_diagram_too_large_to_read_is_shown_only_where_it_is_asked_for(page: Page, folder: Path) -> None:
    shape = {"id": 0, "kind": "auxiliary", "name": "x", "width": 20, "height": 20, "label": None}
    symbols = [{**shape, "id": at, "x": 20 * at, "y": 20} for at in range(81)]
    drawn = {
        "name": "x",
        "width": 1640,
        "height": 40,
        "symbols": symbols,
        "pipes": [],
        "arrows": [],
        "frames": [],
    }
    write_json(folder / "large.json", bundle(growth(), diagram=drawn))
    show(page, folder, '<penstock-model src="large.json"></penstock-model>')
    ready(page)
    assert page.locator("ps-diagram").count() == 0
    page.evaluate(f"{MODEL}.setAttribute('view', 'both')")
    page.locator("ps-diagram").wait_for()


def test_sliders_and_charts_are_those_that_were_asked_for(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="sir.json" sliders="recovery_time,Contact Rate"'
        ' plots="Infected;Recovered, Susceptible"></penstock-model>',
    )
    ready(page)
    assert page.get_by_test_id("slider").evaluate_all("all => all.map(el => el.dataset.name)") == [
        "recovery time",
        "contact rate",
    ]
    assert page.evaluate(f"{MODEL}.getState().plots") == [["Infected"], ["Recovered", "Susceptible"]]


def test_a_json_child_says_the_same_as_attributes_and_these_come_first(page: Page, folder: Path) -> None:
    child = json.dumps(
        {
            "view": "chart",
            "sliders": ["infectivity"],
            "plots": [["Infected"]],
            "params": {"contact rate": 3},
            "t": 40,
            "speed": "fast",
        }
    )
    show(
        page,
        folder,
        f'<penstock-model src="sir.json" t="20"><script type="application/json">{child}</script></penstock-model>',
    )
    ready(page)
    state = page.evaluate(f"{MODEL}.getState()")
    assert (state["plots"], state["params"], state["time"], state["speed"]) == (
        [["Infected"]],
        {"contact rate": 3},
        20,
        1,
    )
    assert page.get_by_test_id("slider").count() == 1


def test_controls_are_those_that_were_asked_for(page: Page, folder: Path) -> None:
    for controls, tools in (("min", ["play"]), ("none", []), ("time reset", ["play", "reset"])):
        show(page, folder, f'<penstock-model src="sir.json" controls="{controls}"></penstock-model>')
        ready(page)
        seen = [
            name for name in ("play", "reset", "engine", "fullscreen") if page.get_by_test_id(name).count()
        ]
        assert seen == tools, controls


def test_a_model_to_look_at_only_has_no_sliders_and_no_way_out(page: Page, folder: Path) -> None:
    show(page, folder, '<penstock-model src="growth.json" readonly workbench="bench/"></penstock-model>')
    ready(page)
    assert page.get_by_test_id("slider").count() == page.get_by_test_id("edit").count() == 0
    assert page.get_by_test_id("play").is_visible()


def test_a_page_s_style_sheet_reaches_colours_and_parts(page: Page, folder: Path) -> None:
    (folder / "own.css").write_text(
        "penstock-model { --ps-page: rgb(1, 2, 3); height: 480px }"
        "penstock-model::part(toolbar) { background: rgb(4, 5, 6) }"
        "penstock-model::part(chart) { opacity: 0.5 } penstock-model::part(slider) { opacity: 0.6 }"
        "penstock-model::part(diagram) { opacity: 0.7 }"
    )
    show(
        page,
        folder,
        '<penstock-model src="sir.json"></penstock-model>',
        head='<link rel="stylesheet" href="own.css">',
    )
    ready(page)
    style = f"(query, name) => getComputedStyle({MODEL}.shadowRoot.querySelector(query))[name]"
    looks = {
        ".frame": "backgroundColor",
        ".bar": "backgroundColor",
        "ps-charts": "opacity",
        "ps-slider": "opacity",
        "ps-diagram": "opacity",
    }
    found = [page.evaluate(f"([query, name]) => ({style})(query, name)", pair) for pair in looks.items()]
    assert found == ["rgb(1, 2, 3)", "rgb(4, 5, 6)", "0.5", "0.6", "0.7"]
    assert page.evaluate(f"{MODEL}.offsetHeight") == 480


def test_choosing_a_symbol_tells_its_equation(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    page.locator('ps-diagram [data-name="growth"] .knob').focus()
    page.keyboard.press("Enter")
    note = page.locator(".note")
    assert "rate * Level" in note.inner_text()
    note.get_by_role("button").click()
    assert note.count() == 0


def test_a_slider_moves_the_numbers_and_the_page_hears_of_it(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    heard(page, "input", "result")
    slider = page.get_by_test_id("slider").first
    slider.focus()
    page.keyboard.press("End")
    assert until(page, "heard.find(([name]) => name === 'result')")[1]["steps"] == 20
    assert page.evaluate("heard[0]") == [
        "input",
        {"name": "rate", "value": 1, "params": {"rate": 1, "a <b> & 'c'": 2}},
    ]
    assert last(page) == pytest.approx(level(1.0), rel=1e-14)
    page.get_by_test_id("reset").click()
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) - {level(0.1)}) < 1e-9")


def test_scripts_set_run_and_read_a_model(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" params="rate=0.2&a+%3Cb%3E+%26+%27c%27=3"></penstock-model>',
    )
    ready(page)
    assert page.evaluate(f"{MODEL}.getParams()") == {"rate": 0.2, "a <b> & 'c'": 3}
    assert last(page) == pytest.approx(level(0.2), rel=1e-14)
    page.evaluate(f"{MODEL}.setParams({{ RATE: 0.3, Level: 50 }})")
    until(page, f"{MODEL}.series('Level')[0] === 50")
    assert last(page) == pytest.approx(level(0.3) / 2, rel=1e-14)
    assert "“rat”" in page.evaluate(
        f"(() => {{ try {{ {MODEL}.setParams({{ rat: 1 }}) }} catch (e) {{ return e.message }} }})()"
    )
    page.evaluate(f"{MODEL}.time = 7.3")
    assert page.evaluate(f"{MODEL}.time") == 7.5  # the nearest saved step
    state = page.evaluate(f"{MODEL}.getState()")
    page.evaluate(f"{MODEL}.setParams({{ rate: 0.1, Level: 1 }})")
    page.evaluate(f"state => {MODEL}.setState(state)", state)
    until(page, f"{MODEL}.series('Level')[0] === 50")
    assert page.evaluate(f"{MODEL}.getState()") == state


def test_the_run_can_be_taken_away_as_csv_and_as_a_picture(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    header, first, *rest = page.evaluate(f"{MODEL}.toCSV()").splitlines()
    assert header.split(",")[:2] == ["time", "Level"]
    assert first.split(",")[:2] == ["0", "100"]
    assert len(rest) == 20
    assert float(rest[-1].split(",")[1]) == last(page)
    picture = ET.fromstring(page.evaluate(f"{MODEL}.toSVG()"))
    words = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Level", "unit"} <= words


def test_playing_moves_time_and_pausing_stops_it(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    heard(page, "timechange")
    page.evaluate(f"{MODEL}.play()")
    until(page, "heard.length > 3")
    page.evaluate(f"{MODEL}.pause()")
    page.wait_for_timeout(50)
    stopped = page.evaluate(f"{MODEL}.time")
    page.wait_for_timeout(100)
    assert page.evaluate(f"{MODEL}.time") == stopped


def test_playing_of_its_own_accord_waits_for_those_who_want_no_motion(page: Page, folder: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    show(page, folder, '<penstock-model src="growth.json" autoplay></penstock-model>')
    ready(page)
    before = page.evaluate(f"{MODEL}.time")
    page.wait_for_timeout(200)
    assert page.evaluate(f"{MODEL}.time") == before
    page.emulate_media(reduced_motion="no-preference")
    page.reload()
    ready(page)
    before = page.evaluate(f"{MODEL}.time")
    until(page, f"{MODEL}.time > {before}")


def test_keys_alone_reach_everything(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    roles = []
    for _ in range(12):
        page.keyboard.press("Tab")
        roles.append(
            page.evaluate(
                """(() => {
                    let el = document.activeElement;
                    while (el?.shadowRoot?.activeElement) el = el.shadowRoot.activeElement;
                    return el?.dataset.testid ?? el?.getAttribute("role") ?? el?.localName;
                })()"""
            )
        )
    wanted = ["button", "chart", "slider-value", "slider", "play", "time-bar"]
    assert [role for role in roles if role in wanted][: len(wanted)] != []
    assert set(wanted) <= set(roles), roles


def test_the_wheel_scrolls_the_page(page: Page, folder: Path) -> None:
    show(page, folder, f"{ONE}<p>{'Prose. ' * 4000}</p>")
    ready(page)
    box = page.locator("ps-diagram").bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.wheel(0, 200)
    until(page, "scrollY > 100")
