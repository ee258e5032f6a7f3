//! What a model's parameters may be, checked against one description that the catalogue also shows.

use std::collections::BTreeMap;

use kernel::FieldError;
use serde::Serialize;
use serde_json::Value;
use wire::model_selection::{Parameter as Shown, ParameterKind};

/// One parameter of a model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameter {
    /// Its key in `params`.
    pub(crate) name: &'static str,
    /// What it may be.
    pub(crate) kind: ParameterKind,
    /// What it is when left out.
    pub(crate) default: Value,
    /// What it does.
    pub(crate) description: &'static str,
    /// Whether a specification leaves it out where it is the default.
    is_implicit: bool,
}

impl Parameter {
    pub(crate) fn integer(
        name: &'static str,
        min: u64,
        max: u64,
        default: u64,
        description: &'static str,
    ) -> Self {
        let kind = ParameterKind::Integer { min, max, nullable: false };
        Self { name, kind, default: default.into(), description, is_implicit: false }
    }

    pub(crate) fn optional_integer(
        name: &'static str,
        min: u64,
        max: u64,
        default: Option<u64>,
        description: &'static str,
    ) -> Self {
        let kind = ParameterKind::Integer { min, max, nullable: true };
        Self { name, kind, default: default.into(), description, is_implicit: false }
    }

    pub(crate) fn number(
        name: &'static str,
        min: f64,
        max: f64,
        default: f64,
        description: &'static str,
    ) -> Self {
        let kind = ParameterKind::Number { min, max, exclusive: false };
        Self { name, kind, default: default.into(), description, is_implicit: false }
    }

    pub(crate) fn fraction(name: &'static str, default: f64, description: &'static str) -> Self {
        let kind = ParameterKind::Number { min: 0.0, max: 1.0, exclusive: true };
        Self { name, kind, default: default.into(), description, is_implicit: false }
    }

    pub(crate) fn boolean(name: &'static str, default: bool, description: &'static str) -> Self {
        Self { name, kind: ParameterKind::Boolean, default: default.into(), description, is_implicit: false }
    }

    pub(crate) fn choice(
        name: &'static str,
        options: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        Self {
            name,
            kind: ParameterKind::Choice { options: owned(options) },
            default: options[0].into(),
            description,
            is_implicit: false,
        }
    }

    /// A list of words; null when left out.
    pub(crate) fn words(
        name: &'static str,
        options: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        let kind = ParameterKind::Words { options: owned(options) };
        Self { name, kind, default: Value::Null, description, is_implicit: false }
    }

    /// A parameter that a model got after specifications of it were stored: left out where it is the default, it
    /// changes neither their text nor their hash.
    pub(crate) fn added_later(self) -> Self {
        Self { is_implicit: true, ..self }
    }

    /// As people see it.
    pub(crate) fn shown(&self) -> Shown {
        let (name, description) = (self.name.to_owned(), self.description.to_owned());
        Shown { name, kind: self.kind.clone(), default: self.default.clone(), description }
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        match &self.kind {
            ParameterKind::Integer { nullable: true, .. } if value.is_null() => Ok(()),
            &ParameterKind::Integer { min, max, nullable } => match value.as_u64() {
                Some(number) if (min..=max).contains(&number) => Ok(()),
                _ => {
                    let or_null = if nullable { ", or null" } else { "" };
                    Err(format!("must be a whole number from {min} to {max}{or_null}, not {value}"))
                }
            },
            &ParameterKind::Number { min, max, exclusive } => match value.as_f64() {
                Some(number) if min < number && number < max => Ok(()),
                Some(number) if !exclusive && (min..=max).contains(&number) => Ok(()),
                _ if exclusive => Err(format!("must be above {min} and below {max}, not {value}")),
                _ => Err(format!("must be a number from {min} to {max}, not {value}")),
            },
            ParameterKind::Boolean if value.is_boolean() => Ok(()),
            ParameterKind::Boolean => Err(format!("must be true or false, not {value}")),
            ParameterKind::Choice { options } if is_among(value, options) => Ok(()),
            ParameterKind::Choice { options } => {
                Err(format!("must be one of {}, not {value}", options.join(", ")))
            }
            ParameterKind::Words { options } => match value {
                Value::Null => Ok(()),
                Value::Array(words)
                    if !words.is_empty() && words.iter().all(|word| is_among(word, options)) =>
                {
                    Ok(())
                }
                _ => Err(format!("must be null or a list of {}, not {value}", options.join(", "))),
            },
        }
    }
}

/// A model's parameters, complete and inside their bounds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Params(BTreeMap<&'static str, Value>);

impl Params {
    /// Checks `given` against `allowed` and fills in the defaults; reports everything that is wrong.
    pub(crate) fn resolve(allowed: &[Parameter], given: &Value) -> Result<Self, Vec<FieldError>> {
        let empty = serde_json::Map::new();
        let given = match given {
            Value::Null => &empty,
            Value::Object(map) => map,
            other => return Err(vec![FieldError::new("params", format!("must be an object, not {other}"))]),
        };
        let mut errors = Vec::new();
        for (key, value) in given {
            let verdict = match allowed.iter().find(|parameter| parameter.name == key) {
                Some(parameter) => parameter.check(value),
                None => envelope(key, value).unwrap_or_else(|| Err(unknown(allowed))),
            };
            if let Err(message) = verdict {
                errors.push(FieldError::new(format!("params.{key}"), message));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let value = |parameter: &Parameter| given.get(parameter.name).unwrap_or(&parameter.default).clone();
        let values = allowed.iter().map(|parameter| (parameter, value(parameter)));
        let stated =
            values.filter(|(parameter, value)| !parameter.is_implicit || *value != parameter.default);
        Ok(Self(stated.map(|(parameter, value)| (parameter.name, value)).collect()))
    }

    pub(crate) fn count(&self, name: &str) -> usize {
        self.optional_count(name).expect("the parameter was checked to be a whole number")
    }

    pub(crate) fn optional_count(&self, name: &str) -> Option<usize> {
        self.0.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.0.get(name).and_then(Value::as_f64).expect("the parameter was checked to be a number")
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).expect("the parameter was checked to be true or false")
    }

    pub(crate) fn word(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).expect("the parameter was checked to be a word")
    }

    /// The words of a list; `None` if it is null or left out.
    pub(crate) fn optional_words(&self, name: &str) -> Option<Vec<&str>> {
        let words = self.0.get(name)?.as_array()?;
        Some(words.iter().filter_map(Value::as_str).collect())
    }

    /// The parameters as JSON.
    pub fn to_json(&self) -> Value {
        self.0.iter().map(|(&name, value)| (name.to_owned(), value.clone())).collect()
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn is_among(word: &Value, options: &[String]) -> bool {
    word.as_str().is_some_and(|word| options.iter().any(|option| option == word))
}

/// The two keys every model accepts and none reads; `None` for any other key.
fn envelope(key: &str, value: &Value) -> Option<Result<(), String>> {
    match key {
        "schema_version" => Some(match value.as_str() {
            Some(version) if is_version(version) => Ok(()),
            _ => Err(format!("must look like \"1.0\" or \"1.0.2\", not {value}")),
        }),
        "feature_config_hash" => Some(match value {
            Value::Null | Value::String(_) => Ok(()),
            _ => Err(format!("must be a text or null, not {value}")),
        }),
        _ => None,
    }
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(is_number)
}

fn unknown(allowed: &[Parameter]) -> String {
    if allowed.is_empty() {
        return "is unknown: the model has no parameters".to_owned();
    }
    let names: Vec<&str> = allowed.iter().map(|parameter| parameter.name).collect();
    format!("is unknown: the model's parameters are {}", names.join(", "))
}
