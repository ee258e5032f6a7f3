//! `assay models`: what there is to choose from.

use std::io::Write;

use serde_json::Value;
use wire::model_selection::{Catalog, CatalogEntry, Parameter, ParameterKind};

use super::{close, open_without_data, print_json};
use crate::cli::{Models, Place};
use crate::exit::{Exit, Failed};
use crate::plain::plain;
use crate::table::{self, Column};

pub(crate) async fn run(place: &Place, options: &Models) -> anyhow::Result<Exit> {
    let (system, _dir) = open_without_data(place).await?;
    let listed = async {
        let catalog = system.client.models().await?;
        match &options.model {
            None => all(&catalog, options.output.json),
            Some(model) => one(&catalog, model, options.output.json),
        }
    }
    .await;
    close(system, listed.map(|()| Exit::Ok)).await
}

fn all(catalog: &Catalog, is_json: bool) -> anyhow::Result<()> {
    if is_json {
        return print_json(catalog);
    }
    let out = &mut std::io::stdout().lock();
    let columns = [
        Column::text("--models"),
        Column::text("name"),
        Column::number("values"),
        Column::text("cost"),
        Column::text("what it does"),
    ];
    let (present, absent): (Vec<&CatalogEntry>, Vec<_>) =
        catalog.models.iter().partition(|model| model.available);
    let row = |model: &&CatalogEntry| {
        let cost = if model.costly { "costly" } else { "fast" };
        let values = model.minimum_history.to_string();
        vec![
            model.model_type.clone(),
            model.label.clone(),
            values,
            cost.to_owned(),
            model.description.clone(),
        ]
    };
    table::print(out, &columns, &present.iter().map(row).collect::<Vec<_>>())?;
    writeln!(out, "\nvalues: what a series needs at least, with usual parameters")?;
    for model in absent {
        let why = model.unavailable_reason.as_deref().unwrap_or("not in this version");
        writeln!(out, "not here: {}, {}", plain(&model.label), plain(why))?;
    }
    writeln!(out, "next: assay models MODEL, or assay compare run FILE --horizon N --models A,B,C")?;
    Ok(())
}

fn one(catalog: &Catalog, named: &str, is_json: bool) -> anyhow::Result<()> {
    let is_it = |model: &&CatalogEntry| model.model_type == named || model.label.eq_ignore_ascii_case(named);
    let Some(model) = catalog.models.iter().find(is_it) else {
        let message = format!("there is no model `{named}`; `assay models` lists those there are");
        return Err(Failed::new(Exit::NotFound, message).into());
    };
    if is_json {
        return print_json(model);
    }
    let out = &mut std::io::stdout().lock();
    writeln!(out, "{} ({}): {}", plain(&model.label), plain(&model.model_type), plain(&model.description))?;
    writeln!(out, "It needs {} values with usual parameters.", model.minimum_history)?;
    if let Some(why) = &model.unavailable_reason {
        writeln!(out, "Not here: {}", plain(why))?;
    }
    if !model.parameters.is_empty() {
        let columns = [
            Column::text("parameter"),
            Column::text("may be"),
            Column::text("usually"),
            Column::text("what it does"),
        ];
        writeln!(out)?;
        table::print(out, &columns, &model.parameters.iter().map(row).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn row(parameter: &Parameter) -> Vec<String> {
    let default = match &parameter.default {
        Value::Null => "none".to_owned(),
        Value::String(word) => word.clone(),
        other => other.to_string(),
    };
    vec![parameter.name.clone(), range(&parameter.kind), default, parameter.description.clone()]
}

fn range(kind: &ParameterKind) -> String {
    match kind {
        ParameterKind::Integer { min, max, nullable: false } => format!("{min} to {max}"),
        ParameterKind::Integer { min, max, nullable: true } => format!("{min} to {max}, or none"),
        ParameterKind::Number { min, max, exclusive: false } => format!("{min} to {max}"),
        ParameterKind::Number { min, max, exclusive: true } => format!("between {min} and {max}"),
        ParameterKind::Boolean => "true or false".to_owned(),
        ParameterKind::Choice { options } => options.join(" | "),
        ParameterKind::Words { options } => format!("some of {}", options.join(", ")),
    }
}
