//! Models by the names that people give them. The catalogue has the names; flags take types.

use std::collections::BTreeMap;

use client::{Client, Error};

/// The name of each model type.
#[derive(Debug, Clone)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// Of these pairs of type and name.
    #[cfg(test)]
    pub(crate) fn of_pairs(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect())
    }

    /// As the catalogue has them.
    pub(crate) async fn of(client: &Client) -> Result<Self, Error> {
        let models = client.models().await?.models;
        Ok(Self(models.into_iter().map(|model| (model.model_type, model.label)).collect()))
    }

    /// The name of a model by its type, or by its key in a ranking, as in `ses #2`. One that the catalogue lacks, say of an
    /// old run, stays as it is.
    pub(crate) fn name(&self, key: &str) -> String {
        let (model_type, place) =
            key.split_once(" #").map_or((key, None), |(name, place)| (name, Some(place)));
        let name = self.0.get(model_type).map_or(model_type, String::as_str);
        place.map_or_else(|| name.to_owned(), |place| format!("{name} #{place}"))
    }

    /// A sentence of the API with these models by their names. Others stay: among the types there are words of the language
    /// (`combination`, `regression`), and a sentence does not speak of what took no part.
    pub(crate) fn sentence<'a>(&self, text: &str, models: impl IntoIterator<Item = &'a str>) -> String {
        let of_type = |key: &'a str| key.split_once(" #").map_or(key, |(model_type, _)| model_type);
        let models: Vec<&str> = models.into_iter().map(of_type).collect();
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let between = rest[word..].find(is_word).map_or(rest.len(), |at| word + at);
            if models.contains(&&rest[..word]) {
                said.push_str(&self.name(&rest[..word]));
            } else {
                said.push_str(&rest[..word]);
            }
            said.push_str(&rest[word..between]);
            rest = &rest[between..];
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::of_pairs(&[("ets", "ETS"), ("naive", "Naive"), ("seasonal_naive", "Seasonal naive")])
    }

    #[test]
    fn a_key_is_named_with_its_place() {
        assert_eq!(names().name("seasonal_naive #2"), "Seasonal naive #2");
        assert_eq!(names().name("gone"), "gone");
    }

    #[test]
    fn a_sentence_names_those_that_took_part_as_whole_words() {
        let text = "`naive`, seasonal_naive and naive-like: naïve naive, ets (ets #2) of assets.";
        assert_eq!(
            names().sentence(text, ["naive", "ets #2"]),
            "`Naive`, seasonal_naive and naive-like: naïve Naive, ETS (ETS #2) of assets."
        );
        assert_eq!(names().sentence("", ["naive"]), "");
        assert_eq!(names().sentence("– naive", ["naive"]), "– Naive");
    }
}
