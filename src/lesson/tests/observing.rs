//! What is true of a run that has been: statements of an observation, and remarks of a debrief.

use warstories_lesson::lesson::Remark;
use warstories_lesson::measure::Test;
use warstories_lesson::parse::read;
use warstories_lesson::{Glossary, check};
use warstories_sim::probe::Wanted;
use warstories_sim::{Replay, SimTime, scenarios};

fn test(text: &str) -> Test {
    Test::parse(text, 1, scenarios::find("queueing_lab").expect("the lab")).expect(text)
}

/// What a learner has on the page when they are asked: the run of the step, of the prediction before, or of the goal.
#[test]
fn an_observation_is_about_the_run_that_was_on_show_before_it() {
    let seen = |statement: &str| {
        format!(
            "```observe\nquestion = \"What did you see?\"\n[[statement]]\ntext = \"As told.\"\ntest = \"{statement}\"\nholds = true\nbecause = \"So.\"\n[[statement]]\ntext = \"Nobody came.\"\ntest = \"arrived at 60 <= 0\"\nbecause = \"Some did.\"\n```\n"
        )
    };
    let predict = "```predict\nquestion = \"How many?\"\ninputs = [\"10 arrivals_per_s=20\"]\n[[option]]\ntext = \"Few\"\nbecause = \"So.\"\ntest = \"arrived at 60 <= 10\"\n[[option]]\ntext = \"Many\"\nbecause = \"So.\"\nanswer = true\ntest = \"arrived at 60 >= 800\"\n```\n";
    let goal = "```goal\ntext = \"Few wait.\"\ntest = \"mean waiting from 40 to 60 <= 3\"\n```\n";
    let front = "+++\ntitle = \"T\"\nsummary = \"S.\"\nscenario = \"queueing_lab\"\nminutes = 5\nseed = 1\n[start]\narrivals_per_s = 12\n+++\n";
    let scene = "## A\n```scene\nwatch = [\"waiting\"]\nbegin = 0\nunlock = [\"servers\"]\nsolution = [\"servers=3\"]\ntaught = [\"servers\"]\n```\n";
    // Twelve requests a second come in the step's run, twenty in that of the prediction, and the solution has no queue.
    let step = seen("arrived at 60 in 600..840");
    let asked = seen("arrived at 60 in 1000..1300");
    let solved = seen("waiting at 60 <= 5");
    let problems = |parts: &[&str]| {
        let text = format!("{front}{scene}{}", parts.concat());
        let lesson = read(&text, &Glossary::default()).unwrap_or_else(|problems| panic!("{problems:?}"));
        check::prove_seed(&lesson, 0).problems
    };
    assert_eq!(problems(&[&step, predict, &asked, goal, &solved]), []);
    for wrong in [
        [asked.as_str(), predict, &asked, goal, &solved],
        [&step, predict, &step, goal, &solved],
        [&solved, predict, &asked, goal, &solved],
    ] {
        let problems = problems(&wrong);
        let [none, other] = &problems[..] else { panic!("{problems:?}") };
        assert!(other.sentence.starts_with("the run says that this statement is false"), "{other:?}");
        assert!(none.sentence.starts_with("every statement of the observation is false"), "{none:?}");
    }
}

#[test]
fn a_remark_is_said_of_runs_in_which_its_test_holds() {
    let remark = |text: &str| Remark { text: Vec::new(), test: Some(test(text)) };
    let link = Replay::parse("queueing_lab?seed=3&arrivals_per_s=9").expect("a link");
    let mut run = scenarios::start(link.replay);
    let tests = [test("waiting >= 5"), test("arrived at 100 >= 500")];
    let wanted = Wanted {
        moments: tests.iter().flat_map(|test| test.measure.moments()).collect(),
        followed: tests.iter().filter_map(|test| test.measure.followed()).collect(),
    };
    wanted.ask(run.as_mut());
    let (once, later) = (remark("waiting >= 5"), remark("arrived at 100 >= 500"));
    assert!(!once.holds(run.as_ref()) && !later.holds(run.as_ref()), "nothing has happened yet");
    assert!(Remark { text: Vec::new(), test: None }.holds(run.as_ref()));
    run.advance(SimTime::from_secs(99), u64::MAX);
    assert!(!later.holds(run.as_ref()), "its moment has not come");
    run.advance(SimTime::from_secs(600), u64::MAX);
    assert!(once.holds(run.as_ref()) && later.holds(run.as_ref()));
}
