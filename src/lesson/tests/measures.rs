//! Measures and goals against textbook values and against numbers counted by hand.

use warstories_lesson::Glossary;
use warstories_lesson::goal;
use warstories_lesson::judge::Outcome;
use warstories_lesson::lesson::Part;
use warstories_lesson::measure::{Measure, Test, Verdict};
use warstories_lesson::runs::Runs;
use warstories_sim::probe::Wanted;
use warstories_sim::scenarios::{self, find};
use warstories_sim::{Playable, Reading, Replay, ScenarioSpec, SimTime};

fn lab() -> &'static ScenarioSpec {
    find("queueing_lab").expect("the lab")
}

fn replay(start: &[(&str, f64)], seed: u64) -> Replay {
    let mut replay = Replay::new(lab()).with_seed(seed);
    for (id, value) in start {
        replay.set_start(lab().param(id).expect("a parameter"), *value);
    }
    replay
}

fn measure(text: &str) -> Measure {
    Measure::parse(text, 1, lab()).expect(text)
}

fn test(text: &str) -> Test {
    Test::parse(text, 1, lab()).expect(text)
}

fn played(replay: &Replay, measures: &[Measure]) -> Box<dyn Playable> {
    let moments = measures.iter().flat_map(Measure::moments).collect();
    Runs::new(Wanted { moments, followed: Vec::new() }, u64::MAX).finish(replay).expect("a run")
}

fn value(run: &dyn Playable, measure: &Measure) -> f64 {
    match measure.evaluate(run) {
        Verdict::Value(value) => value,
        Verdict::Pending => panic!("pending: {}", measure.print(lab())),
    }
}

/// M/D/1: the mean wait is ρ / (2 (1 − ρ)) services (the Pollaczek–Khinchine formula without variance),
/// and by Little's law λ times that wait.
#[test]
fn a_constant_service_half_busy_waits_half_a_service() {
    let start = [("arrivals_per_s", 50.0), ("service_ms", 10.0), ("service_distribution", 0.0)];
    let texts =
        ["mean wait_ms from 60 to 600", "mean waiting from 60 to 600", "mean utilization from 60 to 600"];
    let measures = texts.map(measure);
    let runs = 25;
    let mut values = vec![Vec::new(); texts.len()];
    for seed in 0..runs {
        let run = played(&replay(&start, seed), &measures);
        for (values, measure) in values.iter_mut().zip(&measures) {
            values.push(value(run.as_ref(), measure));
        }
    }
    for ((text, values), expected) in texts.iter().zip(values).zip([5.0, 0.25, 0.5]) {
        let n = runs as f64;
        let mean = values.iter().sum::<f64>() / n;
        let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        assert!(
            (mean - expected).abs() < 4.0 * deviation / n.sqrt(),
            "{text}: {mean} ± {deviation}, not {expected}"
        );
        assert!(deviation < 0.1 * expected, "{text}: ± {deviation} says nothing");
    }
}

/// What a window says adds up: the parts to the whole, and to what the run itself says at its end.
#[test]
fn windows_add_up_exactly() {
    let halves = ["from 0 to 200", "from 200 to 600"];
    let [waiting, wait, done] = ["mean waiting", "mean wait_ms", "rise done"]
        .map(|what| halves.map(|half| measure(&format!("{what} {half}"))));
    let extremes = halves.map(|half| measure(&format!("max waiting {half}")));
    let least = measure("min in_system from 200 to 600");
    let now =
        ["mean waiting", "mean wait_ms", "done", "max waiting", "max wait_ms", "count wait_ms"].map(measure);
    let all = [waiting, wait, done, extremes].concat();
    let run = played(&replay(&[("arrivals_per_s", 9.5)], 5), &[all.as_slice(), &[least], &now].concat());
    let says = |measure: &Measure| value(run.as_ref(), measure);
    let [mean_waiting, mean_wait, total, most, _, waits] = now.map(|measure| says(&measure));
    let close = |left: f64, right: f64| assert!((left - right).abs() <= 1e-9 * right.abs(), "{left} {right}");
    close((says(&waiting[0]) * 200.0 + says(&waiting[1]) * 400.0) / 600.0, mean_waiting);
    assert_eq!(says(&done[0]) + says(&done[1]), total);
    assert_eq!(says(&extremes[0]).max(says(&extremes[1])), most);
    assert!(says(&least) >= 0.0 && says(&least) < mean_waiting);
    // One wait ends at the begin of a service; at most one request is served whose sojourn has not ended.
    assert!(waits - total <= 1.0 && mean_wait > 0.0 && says(&wait[0]) > 0.0);
}

#[test]
fn a_moment_tells_what_the_run_said_there() {
    let measures =
        ["p50 wait_ms at 100", "p999 sojourn_ms at 100", "recent p99 wait_ms at 100", "arrived at 100"]
            .map(measure);
    let texts = ["p50 wait_ms", "p999 sojourn_ms", "recent p99 wait_ms", "arrived"].map(measure);
    let later = played(&replay(&[], 2), &measures);
    let mut there = scenarios::start(replay(&[], 2));
    there.advance(SimTime::from_secs(100), u64::MAX);
    for (at, now) in measures.iter().zip(&texts) {
        assert_eq!(value(later.as_ref(), at), value(there.as_ref(), now), "{}", at.print(lab()));
    }
    assert_eq!(measures[0].evaluate(there.as_ref()), Verdict::Pending);
    assert!(
        matches!(there.read(0), Reading::Count(count) if count as f64 == value(later.as_ref(), &measures[3]))
    );
}

#[test]
fn nothing_observed_is_no_zero() {
    let run = scenarios::start(replay(&[], 1));
    assert!(value(run.as_ref(), &measure("p99 wait_ms")).is_nan());
    let pending = Outcome { met: None, value: None };
    assert_eq!(test("mean wait_ms at 60 <= 5").judge(run.as_ref(), SimTime::ZERO), pending);
    assert!(!test("p99 wait_ms <= 5").bound.allows(f64::NAN));
    let quiet = played(&replay(&[("arrivals_per_s", 0.0)], 1), &[measure("mean wait_ms from 1 to 2")]);
    assert!(value(quiet.as_ref(), &measure("mean wait_ms from 1 to 2")).is_nan());
}

#[test]
fn bounds_include_their_ends() {
    let quiet = replay(&[("servers", 3.0), ("arrivals_per_s", 0.0)], 1);
    for (text, holds) in [
        ("waiting >= 0", true),
        ("waiting <= 0", true),
        ("waiting in 0..0", true),
        ("waiting in -1..0", true),
        ("waiting >= 0.5", false),
        ("waiting in 1..2", false),
        ("arrived <= -1", false),
    ] {
        let asked = test(text);
        let outcomes = live(&[asked]).play(&quiet, &[asked], SimTime::ZERO).expect("a run");
        assert_eq!(outcomes[0].met.is_some(), holds, "{text}");
    }
}

/// Runs that remember what these tests without a moment ask for.
fn live(tests: &[Test]) -> Runs {
    let followed = tests.iter().filter_map(|test| test.measure.followed()).collect();
    Runs::new(Wanted { moments: Vec::new(), followed }, u64::MAX)
}

/// A goal without a moment is met as soon as it holds, from the decision point on and not before.
#[test]
fn a_live_goal_is_met_when_it_first_holds() {
    let mut overload = replay(&[("arrivals_per_s", 12.0)], 1);
    let tests = [test("waiting >= 5"), test("waiting <= 0"), test("waiting >= 100000")];
    let late = SimTime::from_secs(500);
    let mut runs = live(&tests);
    let met = |outcomes: Vec<Outcome>| outcomes.iter().map(|outcome| outcome.met).collect::<Vec<_>>();
    let outcomes = runs.play(&overload, &tests, late).expect("a run");
    assert_eq!(met(outcomes), [Some(late), None, None], "the queue is long from the first look on");
    let clear = warstories_sim::Input::Action(lab().action("clear_queue").expect("an action"));
    // A bucket ends at 510 s, before anybody else has come to wait.
    let cleared = SimTime::from_secs(510);
    overload.add(cleared, clear).expect("an input");
    let outcomes = runs.play(&overload, &tests, late).expect("a run");
    assert_eq!(met(outcomes), [Some(late), Some(cleared), None]);
    let outcomes = runs.play(&overload, &tests, SimTime::from_secs(511)).expect("a run");
    assert!(outcomes[0].met.is_some_and(|at| at >= SimTime::from_secs(511)), "the queue grows again");
}

#[test]
fn too_long_a_run_is_refused_with_a_sentence() {
    let sentence = Runs::new(Wanted::default(), 1000)
        .play(&replay(&[], 1), &[test("done >= 1000000")], SimTime::ZERO)
        .expect_err("too long");
    assert!(sentence.contains("more than 1000 events by 00:0"), "{sentence}");
}

#[test]
fn what_is_printed_reads_back() {
    for text in [
        "mean waiting from 00:00:10 to 00:01:00 >= 5",
        "recent p99 wait_ms at 00:10:00 <= 2.5",
        "rise abandoned from 0.5 to 00:00:01 in 1..2",
        "last busy in -1..1",
    ] {
        let read = test(text);
        assert_eq!(read.print(lab()), text);
        let json = serde_json::to_string(&read).expect("JSON");
        assert_eq!(serde_json::from_str::<Test>(&json).expect("a test"), read);
    }
}

#[test]
fn a_whole_lesson_survives_the_way_to_a_page() {
    let text = include_str!("../../../lessons/why_queues_explode.md");
    let house = warstories_lesson::parse::glossary::house().expect("a glossary");
    let lesson = warstories_lesson::parse::read(text, &house).expect("a lesson");
    let json = serde_json::to_string(&lesson).expect("JSON");
    assert_eq!(serde_json::from_str::<warstories_lesson::Lesson>(&json).expect("a lesson"), lesson);
    assert!(lesson.wanted().moments.len() <= warstories_sim::probe::MAX_PROBES);
}

#[test]
fn a_step_that_goes_on_keeps_its_run_and_its_clock() {
    let text = "+++\ntitle = \"T\"\nsummary = \"S\"\nminutes = 1\nscenario = \"queueing_lab\"\nopen = [\"servers\"]\n\
        [start]\narrivals_per_s = 9\n+++\n\
        ## A\n```scene\nwatch = [\"waiting\"]\nstart = { servers = 2 }\nbegin = 10\nuntil = 60\n```\n\
        ## B\nGoes on.\n## C\n```scene\nwatch = [\"waiting\"]\nuntil = 90\n```\n## D\n```scene\nwatch = [\"waiting\"]\ninputs = [\"5 servers=3\"]\n```\n";
    let lesson = warstories_lesson::parse::read(text, &Glossary::default()).expect("a lesson");
    let clocks: Vec<_> = (0..4).map(|step| lesson.clock(step)).collect();
    assert_eq!(clocks, [60, 60, 90, 0].map(SimTime::from_secs));
    let link = |step| lesson.replay(step).expect("a replay").print(None);
    assert_eq!([link(0), link(1), link(2)], ["queueing_lab?seed=1&servers=2&arrivals_per_s=9"; 3]);
    assert_eq!(link(3), "queueing_lab?seed=1&arrivals_per_s=9&at=5,servers=3");
    let late = format!(
        "{text}## E\n```scene\nwatch = [\"waiting\"]\nsolution = [\"4 servers=1\"]\ntaught = [\"servers\"]\n```\n```goal\ntext = \"x\"\ntest = \"waiting >= 9\"\n```\n"
    );
    assert!(warstories_lesson::parse::read(&late, &Glossary::default()).is_ok());
    let early = late.replace("## E", "## E\n```scene\nwatch = [\"waiting\"]\nuntil = 70\n```\n## F").replace(
        "## F\n```scene\nwatch = [\"waiting\"]\n",
        "## F\n```scene\nwatch = [\"waiting\"]\nuntil = 80\n",
    );
    let problems = warstories_lesson::parse::read(&early, &Glossary::default()).expect_err("too early");
    assert!(problems.len() == 1 && problems[0].sentence.contains("stands at 00:01:10"), "{problems:?}");
}

/// What is played once for several runs is what each of them would have played alone.
#[test]
fn runs_that_begin_alike_end_as_if_played_alone() {
    let text = include_str!("../../../lessons/why_queues_explode.md");
    let house = warstories_lesson::parse::glossary::house().expect("a glossary");
    let lesson = warstories_lesson::parse::read(text, &house).expect("the primer");
    let mut shared = Runs::of(&lesson, u64::MAX);
    let mut fingerprints = std::collections::BTreeSet::new();
    for (index, step) in lesson.steps.iter().enumerate() {
        let base = lesson.replay(index).expect("a run");
        let goals = step
            .parts
            .iter()
            .filter_map(|part| if let Part::Goal(goal) = part { Some(goal.test) } else { None });
        let tests: Vec<Test> = goals.collect();
        for fixes in step.scene.withheld.iter().chain([&step.scene.solution, &Vec::new()]) {
            let mut replay = base.clone();
            goal::attempt(&mut replay, fixes).expect("an attempt");
            let alone = Runs::new(lesson.wanted(), u64::MAX).finish(&replay).expect("a run");
            let outcomes = |runs: &mut Runs| runs.play(&replay, &tests, lesson.clock(index)).expect("a run");
            assert_eq!(outcomes(&mut shared), outcomes(&mut Runs::new(lesson.wanted(), u64::MAX)));
            let together = shared.finish(&replay).expect("a run");
            assert_eq!((together.events(), together.fingerprint()), (alone.events(), alone.fingerprint()));
            for at in lesson.wanted().moments {
                // At the start there is nothing to tell of some metrics, and NaN differs from itself.
                let told = |run: &dyn Playable| format!("{:?}", run.probed(at));
                assert_eq!(told(&*together), told(&*alone), "{at}");
            }
            fingerprints.insert(together.fingerprint());
        }
    }
    assert!(fingerprints.len() > 5, "the runs differ");
}
