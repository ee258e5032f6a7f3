//! A refusal of the API in the words of a command: the API names its own fields, and whoever typed knows flags.

use client::Error;
use wire::problem::Problem;

/// What a command calls the fields of its requests; a field stands for all that is within it.
pub(crate) type Flags = &'static [(&'static str, &'static str)];

/// Names flags instead of fields, in the refusal's text as in its list.
pub(crate) fn by_the_flags(error: Error, flags: Flags) -> Error {
    match error {
        Error::Problem(mut problem) => {
            translate(&mut problem, flags);
            Error::Problem(problem)
        }
        other => other,
    }
}

/// Names flags in the refusal's list alone: its text speaks of a file, whose columns may be called as fields are.
pub(crate) fn listed_by_the_flags(error: Error, flags: Flags) -> Error {
    match error {
        Error::Problem(mut problem) => {
            let detail = std::mem::take(&mut problem.detail);
            translate(&mut problem, flags);
            problem.detail = detail;
            Error::Problem(problem)
        }
        other => other,
    }
}

fn translate(problem: &mut Problem, flags: Flags) {
    for field in &mut problem.errors {
        let Some(flag) = flag_of(&field.field, flags) else { continue };
        problem.detail = problem.detail.replace(&field.field, flag);
        flag.clone_into(&mut field.field);
    }
}

/// A sentence that a result says of what was asked for, in the words of the flags.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.replace("(min_train_size ", "(training ").replace("min_train_size", "--min-train");
    text.replace("state gaps zero", "state --gaps zero").replace("it with frequency ", "it with --grid ")
}

fn flag_of(field: &str, flags: Flags) -> Option<&'static str> {
    let is_within =
        |name: &str| field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    flags.iter().find(|(name, _)| is_within(name)).map(|(_, flag)| *flag)
}

#[cfg(test)]
mod tests {
    use wire::problem::Field;

    use super::*;

    #[test]
    fn fields_become_flags_and_others_stay() {
        let field = |field: &str| Field { field: field.to_owned(), message: "is wrong".to_owned() };
        let mut problem = Problem {
            kind: "/errors/invalid".to_owned(),
            title: "Unprocessable".to_owned(),
            status: 422,
            detail: "models.0.name is wrong, models_of is wrong, horizon is wrong".to_owned(),
            instance: "/requests/r".to_owned(),
            code: "VALIDATION_ERROR".to_owned(),
            request_id: "r".to_owned(),
            errors: vec![field("models.0.name"), field("models_of"), field("horizon")],
        };
        translate(&mut problem, &[("models", "--models"), ("horizon", "--horizon")]);
        assert_eq!(problem.detail, "--models is wrong, models_of is wrong, --horizon is wrong");
        let fields: Vec<&str> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["--models", "models_of", "--horizon"]);
    }
}
