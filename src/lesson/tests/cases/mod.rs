//! Lessons that are broken in one place each.

use warstories_lesson::Problem;

/// What is replaced, by what, where the problem is (the text of its line), and part of its sentence.
pub type Case = (&'static str, &'static str, &'static str, &'static str);

/// Breaks `lesson` by each case: `problems` must give one clear sentence with the right line, which is looked for from the
/// text `from` on.
pub fn assert_each_is_told(
    lesson: &str,
    from: &str,
    cases: &[Case],
    problems: impl Fn(&str) -> Vec<Problem>,
) {
    let mut failed = Vec::new();
    for (whole, broken, place, part) in cases {
        assert_eq!(lesson.matches(whole).count(), 1, "{whole:?} stands once in the lesson");
        let text = lesson.replace(whole, broken);
        let begin = text.find(from).expect(from);
        let offset = begin + text[begin..].find(place).expect(place);
        let line = 1 + text[..offset].matches('\n').count();
        let problems = problems(&text);
        let right = |problem: &Problem| {
            let sentence = &problem.sentence;
            problem.line == line
                && sentence.contains(part)
                && !sentence.contains('\n')
                && sentence.len() < 400
        };
        if problems.len() != 1 || !right(&problems[0]) {
            let found: Vec<_> = problems.iter().map(ToString::to_string).collect();
            failed.push(format!("{broken:?}: expected {line}: … {part} …, found {found:#?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
