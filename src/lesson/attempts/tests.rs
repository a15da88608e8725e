use super::*;
use crate::glossary::Glossary;
use crate::parse::read;

fn lesson(scenario: &str, open: &str, step: &str) -> Lesson {
    let text = format!(
        "+++\ntitle = \"Attempts\"\nsummary = \"What is tried.\"\nscenario = \"{scenario}\"\nminutes = 5\nseed = 1\n\
         open = [{open}]\n+++\nBefore.\n\n## Watch\nSome prose.\n\n## Mend\n{step}\n"
    );
    read(&text, &Glossary::default()).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

/// What is tried in the last step, as attempts are written.
fn tried(lesson: &Lesson) -> Vec<String> {
    let spec = lesson.spec().expect("a scenario");
    let step = lesson.steps.len() - 1;
    let base = lesson.story(step).expect("a run");
    single(lesson, step, &base, spec).iter().map(|fix| spell(fix, spec)).collect()
}

const GOAL: &str = "```goal\ntext = \"Few wait.\"\ntest = \"mean waiting from 40 to 100 <= 3\"\n```";

#[test]
fn a_number_goes_to_both_ends_its_double_and_its_half() {
    let scene = |begin: &str, taught: &str| {
        format!(
            "```scene\nwatch = [\"waiting\"]\nstart = {{ arrivals_per_s = 12, servers = 1, queue_limit = 7 }}\n{begin}\nunlock = [\"may_wait\", \"queue_limit\", \"discipline\", \"servers\"]\n\
             {taught}\n```\n{GOAL}"
        )
    };
    let at_start = lesson(
        "queueing_lab",
        "",
        &scene("begin = 0", "withheld = [[\"queue_limit=9\"]]\nsolution = [\"servers=2\"]"),
    );
    let tried_at_start = tried(&at_start);
    // What the solution uses is taught, where nothing else is said.
    assert_eq!(
        tried_at_start,
        [
            "discipline=processor_sharing",
            "queue_limit=0",
            "queue_limit=4",
            "queue_limit=14",
            "queue_limit=1000000",
            "may_wait=false"
        ]
    );
    let later = lesson(
        "queueing_lab",
        "",
        &scene("begin = 10", "withheld = [[\"10 queue_limit=9\"]]\nsolution = [\"10 servers=2\"]"),
    );
    let expected: Vec<_> = tried_at_start.iter().map(|what| format!("00:00:10 {what}")).collect();
    assert_eq!(tried(&later), expected);
    // Of several that are taught, one is an attempt without the rest.
    let several = "taught = [\"servers\", \"queue_limit\"]\nsolution = [\"servers=2\", \"queue_limit=9\"]";
    let several = tried(&lesson("queueing_lab", "", &scene("begin = 0", several)));
    assert_eq!(several.len(), tried_at_start.len() + 2);
    assert!(several.contains(&String::from("servers=2")) && several.contains(&String::from("servers=1000")));
}

/// 0 stands for "off" or "no limit" and has neither a double nor a half; the end of its range is as good as none.
#[test]
fn what_is_off_is_switched_on_at_the_powers_of_ten() {
    let step = format!(
        "```scene\nwatch = [\"waiting\"]\nstart = {{ arrivals_per_s = 12 }}\nbegin = 0\nunlock = [\"queue_limit\", \"servers\"]\n\
         withheld = [[\"queue_limit=1000\"]]\nsolution = [\"servers=2\"]\n```\n{GOAL}"
    );
    let limits = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].map(|limit| format!("queue_limit={limit}"));
    assert_eq!(tried(&lesson("queueing_lab", "", &step)), limits);
}

#[test]
fn an_action_is_taken_where_the_step_begins_and_where_the_solution_acts() {
    let scene = |solution: &str| {
        format!(
            "```scene\nwatch = [\"waiting\"]\nstart = {{ arrivals_per_s = 12 }}\nbegin = 10\nunlock = [\"servers\", \"clear_queue\"]\ntaught = [\"servers\"]\n\
             solution = [{solution}]\n```\n{GOAL}"
        )
    };
    let of = |solution: &str| tried(&lesson("queueing_lab", "", &scene(solution)));
    assert_eq!(of("\"10 servers=2\""), ["00:00:10 clear_queue"]);
    assert_eq!(
        of("\"10 servers=2\", \"31 servers=3\", \"35 servers=4\""),
        ["00:00:10 clear_queue", "00:00:31 clear_queue"]
    );
}

#[test]
fn an_action_that_sets_what_is_taught_is_no_attempt_without_it() {
    let scene = "```scene\nwatch = [\"goodput_rps\"]\nstart = { users = 2000 }\nbegin = 10\nunlock = [\"lock_scope\", \"enable_lock\", \"purge_cache\"]\n\
                 taught = [\"lock_scope\"]\nsolution = [\"10 lock_scope=fleet\"]\n```\n\
                 ```goal\ntext = \"Few queries.\"\ntest = \"recovery_s at 60 <= 3\"\n```";
    assert_eq!(tried(&lesson("cache_stampede", "", scene)), ["12:00:10 purge_cache"]);
}

#[test]
fn attempts_are_counted_and_one_that_drowns_the_system_is_given_up() {
    // 10,000 requests each second for 600 s are more events than an attempt may make; nobody waits meanwhile.
    let scene = "```scene\nwatch = [\"waiting\"]\nstart = { arrivals_per_s = 5, servers = 1000, service_ms = 1 }\nbegin = 0\n\
                 unlock = [\"arrivals_per_s\", \"service_ms\"]\ntaught = [\"service_ms\"]\nsolution = [\"service_ms=60000\"]\n```\n\
                 ```goal\ntext = \"All are busy.\"\ntest = \"mean busy from 500 to 600 >= 100\"\n```";
    let tried = try_all(&lesson("queueing_lab", "", scene));
    // Nothing, the double, the half; and the most.
    assert_eq!(tried, Tried { attempts: 4, given_up: 1, ..Tried::default() });
}

#[test]
fn an_attempt_that_meets_the_goal_is_named() {
    let scene =
        "```scene\nwatch = [\"waiting\"]\nstart = { arrivals_per_s = 12 }\nbegin = 10\nunlock = [\"servers\", \"arrivals_per_s\"]\n\
                 taught = [\"servers\"]\nsolution = [\"10 servers=2\"]\n```\n"
            .to_owned()
            + GOAL;
    let tried = try_all(&lesson("queueing_lab", "", &scene));
    let [problem] = &tried.problems[..] else { panic!("{tried:?}") };
    assert_eq!(
        problem.sentence,
        "\"00:00:10 arrivals_per_s=0\" alone meets every goal without what is taught, and so does another single change; ask for more, or lock it"
    );
    assert_eq!((tried.attempts, tried.given_up), (4, 0));
}

/// A challenge on a queue that grows, with these lines besides its tests.
fn challenge(lines: &str) -> Lesson {
    lesson(
        "queueing_lab",
        "",
        &format!(
            "```challenge\ntext = \"Few wait.\"\ntests = [\"mean waiting from 40 to 100 <= 3\"]\n{lines}\n```"
        ),
    )
}

/// Where one change is asked for, any one will do, but for the end of a range that takes away what the challenge begins
/// with.
#[test]
fn a_challenge_that_asks_for_one_change_is_not_met_by_undoing_how_it_begins() {
    let one = |start: &str, lock: &str| {
        try_all(&challenge(&format!("start = {{ {start} }}\n{lock}par = 3\nsolution = [\"servers=2\"]")))
    };
    let tried = one("arrivals_per_s = 12", "");
    let [problem] = &tried.problems[..] else { panic!("{tried:?}") };
    assert_eq!(
        (problem.line, problem.sentence.as_str()),
        (
            15,
            "\"arrivals_per_s=0\" alone meets the challenge by undoing how it begins; ask for more, or lock it"
        )
    );
    assert_eq!(tried.attempts, 2);
    // What halves the work is another way; so is what the challenge does not set.
    let none = |tried: Tried, attempts: usize| {
        assert_eq!(tried, Tried { attempts, ..Tried::default() });
    };
    none(one("arrivals_per_s = 12", "lock = [\"arrivals_per_s\"]\n"), 0);
    none(one("service_ms = 120", "lock = [\"service_ms\"]\n"), 0);
}

/// Where the solution takes several changes, the challenge must not be met by one.
#[test]
fn a_challenge_that_asks_for_several_changes_is_not_met_by_one() {
    let several = |tests: &str, lock: &str| {
        let lines = format!(
            "start = {{ arrivals_per_s = 12 }}\nlock = [\"arrivals_per_s\"{lock}]\npar = 2\nsolution = [\"servers=4\", \"service_ms=120\"]"
        );
        let text = challenge(&lines);
        let mut lesson = text;
        let Some(Part::Challenge(challenge)) = lesson.steps[1].parts.last_mut() else {
            panic!("a challenge")
        };
        let spec = warstories_sim::scenarios::find("queueing_lab").expect("a scenario");
        challenge.tests.extend(Test::parse(tests, 15, spec));
        try_all(&lesson)
    };
    let tried = several("", "");
    let [problem] = &tried.problems[..] else { panic!("{tried:?}") };
    assert!(
        problem.sentence.starts_with(
            "\"servers=2\" alone meets the challenge, whose solution takes 2 changes, and so do "
        ) && problem
            .sentence
            .ends_with(" other single changes; ask for more, lock it, or make it the solution"),
        "{problem:?}"
    );
    let busy = several("mean busy from 40 to 100 >= 1.3", ", \"clients\"");
    assert_eq!((busy.problems, busy.given_up, busy.untried), (Vec::new(), 0, 0));
    assert!(busy.attempts > 20, "{}", busy.attempts);
}

/// A challenge leaves so much open that not all can be tried where its runs are long; that is no mistake of its author.
#[test]
fn what_is_tried_on_a_challenge_is_bounded() {
    let lines = "start = { arrivals_per_s = 5000, service_ms = 1 }\nlock = [\"arrivals_per_s\"]\npar = 2\nsolution = [\"servers=9\", \"service_ms=2\"]";
    let mut lesson = challenge(lines);
    let Some(Part::Challenge(challenge)) = lesson.steps[1].parts.last_mut() else { panic!("a challenge") };
    let spec = warstories_sim::scenarios::find("queueing_lab").expect("a scenario");
    challenge.tests = vec![Test::parse("mean busy from 500 to 600 in 9..10", 15, spec).expect("a test")];
    let tried = try_all(&lesson);
    assert_eq!(tried.problems, []);
    assert!(tried.attempts > 3 && tried.untried > 3, "{tried:?}");
}
