"""The element in pages of others: it shows, answers, follows, and leaves nothing behind."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.reader import serious, unpacked
from embed.site_of import GROWTH, POSTER, bundle, growth, ready, show, until, write_json

ONE = '<penstock-model src="growth.json"></penstock-model>'
MODEL = "document.querySelector('penstock-model')"


def level(rate: float) -> float:
    """Euler's Level after twenty steps of half a year."""
    return 100.0 * (1 + rate / 2) ** 20


def last(page: Page, which: str = "penstock-model") -> float:
    return page.evaluate("which => document.querySelector(which).series('Level').at(-1)", which)


def heard(page: Page, *events: str) -> None:
    """Collects these events in `window.heard`."""
    page.evaluate(
        """events => {
            window.heard = [];
            for (const name of events) document.addEventListener(`penstock-${name}`, e => heard.push([name, e.detail]));
        }""",
        list(events),
    )


# What it shows -------------------------------------------------------------------------------------------


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
            const note = ({ value, sources }) => seen.push([value, ...sources.map(({ node }) => node?.className ?? node?.nodeName)]);
            new PerformanceObserver(list => list.getEntries().forEach(note)).observe({ type: "layout-shift", buffered: true });
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


def test_sliders_and_charts_are_those_that_were_asked_for(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="sir.json" sliders="recovery_time,Contact Rate" plots="Infected;Recovered, Susceptible"></penstock-model>',
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


# What it answers -----------------------------------------------------------------------------------------


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
                "(() => { let el = document.activeElement; while (el?.shadowRoot?.activeElement) el = el.shadowRoot.activeElement; return el?.dataset.testid ?? el?.getAttribute('role') ?? el?.localName })()"
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


# What it follows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "attribute", "dark", "light"),
    [
        ("documentElement", "data-theme", "dark", "light"),
        ("body", "data-md-color-scheme", "slate", "default"),
        ("body", "data-theme", "dark", "light"),
    ],
)
def test_the_colours_follow_the_page_around(
    page: Page, folder: Path, where: str, attribute: str, dark: str, light: str
) -> None:
    page.emulate_media(color_scheme="light")
    show(page, folder, ONE)
    ready(page)
    ground = f"getComputedStyle({MODEL}.shadowRoot.querySelector('.frame')).backgroundColor"
    white = page.evaluate(ground)
    page.evaluate(f"document.{where}.setAttribute('{attribute}', '{dark}')")
    black = until(page, f"{ground} !== '{white}' && {ground}")
    page.emulate_media(color_scheme="dark")
    page.evaluate(f"document.{where}.setAttribute('{attribute}', '{light}')")
    until(page, f"{ground} === '{white}'")
    page.evaluate(f"document.{where}.removeAttribute('{attribute}')")
    until(page, f"{ground} === '{black}'")
    page.evaluate(f"{MODEL}.setAttribute('theme', 'light')")
    until(page, f"{ground} === '{white}'")


def test_attributes_can_change_at_any_time(page: Page, folder: Path) -> None:
    show(page, folder, ONE)
    ready(page)
    page.evaluate(f"{MODEL}.setAttribute('params', 'rate=0.5')")
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) / {level(0.5)} - 1) < 1e-12")
    page.evaluate(f"{MODEL}.setAttribute('plots', 'growth')")
    until(page, f"{MODEL}.getState().plots[0][0] === 'growth'")
    page.evaluate(f"{MODEL}.setAttribute('height', '500')")
    until(page, f"{MODEL}.offsetHeight === 500")
    page.evaluate(f"{MODEL}.setAttribute('src', 'teacup.json')")
    until(page, f"{MODEL}.bundle?.document.name === 'Teacup' && {MODEL}.stage.is === 'ready'")


def test_a_moved_element_keeps_its_model_and_a_removed_one_starts_again_with_its_values(
    page: Page, folder: Path
) -> None:
    show(page, folder, f'<div id="a">{ONE}</div><div id="b"></div>')
    ready(page)
    page.evaluate(f"{MODEL}.setParams({{ rate: 0.4 }})")
    until(page, f"{MODEL}.getState().params.rate === 0.4")
    page.evaluate(f"(window.bench = {MODEL}.bench, document.querySelector('#b').append({MODEL}))")
    page.wait_for_timeout(100)
    assert page.evaluate(f"{MODEL}.bench === window.bench")
    page.evaluate(f"(window.kept = {MODEL}).remove()")
    page.wait_for_timeout(50)
    assert page.evaluate("kept.bench") is None
    page.evaluate("document.querySelector('#a').append(kept)")
    ready(page)
    assert last(page) == pytest.approx(level(0.4), rel=1e-14)


def test_removed_elements_leave_no_listeners_and_no_memory_behind(page: Page, folder: Path) -> None:
    show(page, folder, '<div id="place"></div>')
    session = page.context.new_cdp_session(page)

    def counted() -> dict[str, float]:
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
            page.wait_for_timeout(50)
        rows = session.send("Performance.getMetrics")["metrics"]
        return {row["name"]: row["value"] for row in rows}

    def round_trip(times: int) -> None:
        page.evaluate(
            """async times => {
                for (let n = 0; n < times; n++) {
                    place.innerHTML = '<penstock-model src="predator-prey.json" loading="eager"></penstock-model>';
                    await place.firstChild.ready;
                    place.replaceChildren();
                    await new Promise(done => setTimeout(done, 30));
                }
            }""",
            times,
        )

    session.send("Performance.enable")
    round_trip(3)
    before = counted()
    round_trip(10)
    after = counted()
    assert after["JSEventListeners"] - before["JSEventListeners"] < 20
    assert after["Nodes"] - before["Nodes"] < 400  # one diagram alone has more
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < 1.5e6
    assert not [w for w in page.workers]


def test_a_script_that_comes_twice_defines_the_element_once(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        ONE,
        head='<script src="penstock-embed.classic.js" defer></script><script type="module" src="penstock-embed.js?again"></script>',
    )
    ready(page)
    assert last(page) == pytest.approx(level(0.1), rel=1e-14)


def test_loading_waits_for_a_click_or_until_it_is_near(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        f'<penstock-model id="click" src="growth.json" loading="click">{POSTER}</penstock-model><p>{"Prose. " * 9000}</p><penstock-model id="far" src="growth.json"></penstock-model>',
    )
    start = page.get_by_test_id("start")
    start.wait_for()
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('#far').stage.is") == "waiting"
    assert page.locator("img").is_visible()
    start.click()
    until(page, "document.querySelector('#click').stage.is === 'ready'")
    page.evaluate("document.querySelector('#far').scrollIntoView()")
    until(page, "document.querySelector('#far').stage.is === 'ready'")


def test_where_no_worker_is_allowed_the_page_itself_runs_the_model(
    page: Page, folder: Path, expected_errors: list[str]
) -> None:
    expected_errors.append("worker-src")
    show(
        page,
        folder,
        ONE,
        policy="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
    )
    ready(page)
    assert last(page) == pytest.approx(level(0.1), rel=1e-14)
    assert page.workers == []
    page.evaluate(f"{MODEL}.setParams({{ rate: 0.2 }})")
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) / {level(0.2)} - 1) < 1e-12")


# What it refuses -----------------------------------------------------------------------------------------


def wrong_bundles() -> list[tuple[str, dict[str, object], str]]:
    return [
        ("lacks", {"sha256": None}, 'no usable "sha256"'),
        ("digest", {"sha256": "0" * 64}, "is not the one that its bundle names"),
        ("abi", {"abi": 999}, "interface 999"),
        ("format", {"penstock": 2}, "format 2"),
        ("blob", {"wasm": "growth.json"}, "is not the one that its bundle names"),
        ("document", {"document": {"name": "x"}}, 'no usable "document"'),
        ("diagram", {"diagram": {"symbols": 3}}, 'no usable "diagram"'),
    ]


@pytest.mark.parametrize(("name", "change", "said"), wrong_bundles(), ids=[row[0] for row in wrong_bundles()])
def test_a_bundle_that_is_not_right_is_refused_in_its_place(
    page: Page, folder: Path, name: str, change: dict[str, object], said: str
) -> None:
    write_json(folder / "wrong.json", bundle(growth(), **{"wasm": "growth.wasm", **change}))
    show(page, folder, f'<penstock-model src="wrong.json">{POSTER}</penstock-model>')
    heard(page, "error")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert said in alert.inner_text()
    assert (
        page.evaluate("document.querySelector('penstock-model').ready.then(() => 'ready', e => e.message)")
        in alert.inner_text()
    )


@pytest.mark.parametrize("src", ["nowhere.json", "page.css", "#nothing", ""])
def test_an_address_without_a_bundle_is_said_in_its_place(
    page: Page, folder: Path, src: str, expected_errors: list[str]
) -> None:
    if src == "nowhere.json":
        expected_errors.append("404")
    show(page, folder, f'<penstock-model src="{src}"></penstock-model>')
    page.get_by_role("alert").wait_for()


def test_a_policy_without_webassembly_is_named(page: Page, folder: Path, expected_errors: list[str]) -> None:
    show(page, folder, ONE, policy="default-src 'self'; script-src 'self'; worker-src blob:")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "wasm-unsafe-eval" in alert.inner_text()


def test_names_that_the_model_lacks_are_said_and_the_rest_works(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" sliders="rate,ratio" plots="Levle" params="rate=x"></penstock-model>',
    )
    ready(page)
    note = page.get_by_role("status").inner_text()
    for said in ("“ratio”", "“Levle”", "“x” is no number for rate"):
        assert said in note
    assert page.get_by_test_id("slider").count() == 1


def test_hostile_names_are_only_words(page: Page, folder: Path) -> None:
    compiled = growth()
    hostile = "<img src=x onerror=alert(1)>"
    document = {**compiled.document, "name": hostile, "documentation": hostile, "time_units": hostile}
    write_json(
        folder / "hostile.json",
        bundle(compiled, document=document, poster="javascript:alert(1)", workbench="javascript:alert(1)"),
    )
    show(page, folder, '<penstock-model src="hostile.json"></penstock-model>')
    ready(page)
    assert page.evaluate(f"{MODEL}.shadowRoot.querySelectorAll('.frame img[src=x]').length") == 0
    assert page.evaluate(f"{MODEL}.workbench") is None
    assert page.get_by_test_id("edit").count() == 0


# The way on ----------------------------------------------------------------------------------------------


def test_editing_opens_the_workbench_with_model_and_values(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" workbench="bench/" params="rate=0.25"></penstock-model>',
    )
    ready(page)
    link = page.evaluate(f"{MODEL}.link()")
    assert "/docs/v1/bench/#m=" in link
    said = unpacked(link)
    assert (said["v"], said["text"], said["values"], said["plotted"]) == (
        1,
        GROWTH,
        {"rate": 0.25},
        ["Level"],
    )


def test_the_reference_engine_is_loaded_only_after_a_click(page: Page, folder: Path) -> None:
    show(
        page,
        folder,
        '<penstock-model src="growth.json" engine="vm" workbench="other.html"></penstock-model>',
        policy="default-src 'self'; script-src 'self'; frame-src 'self'",
    )
    (folder / "other.html").write_text("<!doctype html><title>Workbench</title>")
    start = page.get_by_test_id("start")
    start.wait_for()
    assert len(page.frames) == 1
    start.click()
    until(page, f"{MODEL}.stage.is === 'workbench'")
    page.wait_for_timeout(100)
    assert "other.html#m=" in page.frames[1].url


def test_numbers_unlike_the_reference_engine_s_are_told(page: Page, folder: Path) -> None:
    write_json(folder / "differs.json", bundle(growth(), reference="0" * 64))
    show(page, folder, "")
    heard(page, "engine-mismatch")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<penstock-model src=\"differs.json\"></penstock-model>'"
    )
    until(page, "heard.length === 1")


def test_a_story_is_told_by_its_steps(page: Page, folder: Path) -> None:
    steps = [{"params": {"rate": 0.3}, "highlight": ["growth"], "t": 2}, {"params": {"rate": 0.6}}]
    child = f'<script type="application/json">{json.dumps({"steps": steps})}</script>'
    show(page, folder, f'<penstock-model src="growth.json" step="1">{child}</penstock-model>')
    ready(page)
    assert last(page) == pytest.approx(level(0.3), rel=1e-14)
    assert page.evaluate(f"{MODEL}.time") == 2
    assert page.evaluate(f"{MODEL}.bench.lifted.value") == "growth"
    page.evaluate(f"{MODEL}.setAttribute('step', '2')")
    until(page, f"Math.abs({MODEL}.series('Level').at(-1) / {level(0.6)} - 1) < 1e-12")
    assert page.evaluate(f"{MODEL}.bench.lifted.value") is None


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
