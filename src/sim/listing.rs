//! Code that a story's workers run, as far as a learner may break it: line by line, and what becomes of it.

/// A line of code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// What one reads.
    pub text: &'static str,
    /// Value of the parameter that makes a worker die on entering this line: what stands before has happened, this
    /// has not.
    pub crash: f64,
}

/// The code of a handler, and the parameter that says where it crashes.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Whose code it is.
    pub title: &'static str,
    /// Position of the parameter that says where it crashes; at 0 it does not, nor at a line that is not there.
    pub param: usize,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// A sentence where the value of that parameter names a line that this code does not have.
    pub note: Option<String>,
}

/// What becomes of everything that one can choose: each cell has been simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Heading.
    pub title: &'static str,
    /// What a cell says.
    pub legend: &'static str,
    /// Heads of the columns.
    pub columns: Vec<&'static str>,
    /// Head and cells of each row; a cell is empty where there is no such combination.
    pub rows: Vec<(&'static str, Vec<String>)>,
    /// Row and column of what is chosen now.
    pub here: Option<(usize, usize)>,
}
