//! How much room there is for what people read.

/// The columns of the terminal, by `COLUMNS` or by itself. `None` where standard output is something else: a file and the
/// next program take lines of any length.
pub(crate) fn columns() -> Option<usize> {
    let stated = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
    stated.or_else(of_standard_output).filter(|columns| *columns > 0)
}

fn of_standard_output() -> Option<usize> {
    rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| usize::from(size.ws_col))
}
