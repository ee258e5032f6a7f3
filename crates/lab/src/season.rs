//! Importing a season: all of it is checked before any of it is kept.

mod known;

use kernel::Tenant;
use tournament::Results;
use wire::lab::{
    Calcutta, CalcuttaRequest, Entry, EntryId, SeasonReport, SeasonRequest, Snapshot, SnapshotContent,
    SnapshotKind, SnapshotRequest, State, StateRequest, TournamentId,
};

use crate::Lab;
use crate::auction::Auction;
use crate::check::Wrong;
use crate::error::LabError;
use crate::field::Playing;
use crate::keep::{NewSnapshot, Rows, is_taken};

/// A season in which nothing is wrong.
pub(crate) struct Checked {
    name: String,
    season: i32,
    playing: Playing,
    results: Results,
    calcutta: Option<(String, SnapshotContent)>,
    notes: Vec<String>,
}

impl Lab {
    /// Keeps a season: its tournament, a state before the first game, after each whole round and as it stands, and its
    /// auction.
    pub async fn import_season(
        &self,
        tenant: Tenant,
        request: SeasonRequest,
    ) -> Result<SeasonReport, LabError> {
        let checked = self.checked(&request)?;
        let mut rows = Rows::default();
        let report = self.season_rows(tenant, &mut rows, checked).await?;
        self.keep("lab.import", vec![rows]).await?;
        Ok(report)
    }

    pub(crate) fn checked(&self, request: &SeasonRequest) -> Result<Checked, LabError> {
        let mut wrong = Wrong::default();
        let playing = Playing::check(&request.tournament, &mut wrong);
        // What is wrong with results and bids is told only against a field that stands.
        let Some(playing) = playing else {
            return Err(wrong.into_result().expect_err("a field that fell is wrong"));
        };
        let results = playing.results(&request.results, "results", &mut wrong);
        let calcutta = request.calcutta.as_ref().map(|calcutta| {
            wrong.name("calcutta.name", &calcutta.name);
            (calcutta.name.clone(), self.content(calcutta, &playing, "calcutta.", &mut wrong))
        });
        wrong.into_result()?;
        let notes = notes(request, &playing, calcutta.as_ref().map(|(_, content)| content));
        let (name, season) = (request.tournament.name.clone(), request.tournament.season);
        Ok(Checked { name, season, playing, results, calcutta, notes })
    }

    /// The content of an auction, with an id for every entry.
    fn content(
        &self,
        request: &CalcuttaRequest,
        playing: &Playing,
        below: &str,
        wrong: &mut Wrong,
    ) -> SnapshotContent {
        for (at, entry) in request.entries.iter().enumerate() {
            wrong.name(format!("{below}entries[{at}].name"), &entry.name);
        }
        let entry = |entry: &wire::lab::EntryRequest| Entry {
            entry_id: EntryId::new(&*self.clock),
            display_name: entry.name.clone(),
            candidate_id: None,
            bids: entry.bids.clone(),
        };
        let mut content = SnapshotContent {
            rules: request.rules,
            scoring: request.scoring.clone(),
            payouts: request.payouts.clone(),
            entries: request.entries.iter().map(entry).collect(),
        };
        if let Some(auction) = Auction::check(&content, playing, below, wrong) {
            for (entry, bids) in content.entries.iter_mut().zip(&auction.bids) {
                entry.bids = crate::auction::written(bids, playing);
            }
        }
        content
    }

    /// The rows of a season; its documents are stored when this returns.
    pub(crate) async fn season_rows(
        &self,
        tenant: Tenant,
        rows: &mut Rows,
        checked: Checked,
    ) -> Result<SeasonReport, LabError> {
        let Checked { name, season, playing, results, calcutta, notes } = checked;
        let mut beside = Vec::new();
        let (tournament, mut is_there) =
            self.known_tournament(tenant, rows, (&name, season), &playing, &mut beside).await?;
        let id = tournament.tournament_id;
        let before = if is_there { self.reader.states(id).await? } else { Vec::new() };
        let mut states = Vec::new();
        for (key, results) in state_keys(&playing, &results) {
            let state = (key.as_str(), &playing, &results);
            let (state, was_there) = self.known_state(tenant, rows, id, &before, state, &mut beside).await?;
            states.push(state);
            is_there &= was_there;
        }
        let mut kept = None;
        if let Some((name, content)) = &calcutta {
            let (item, was_there) =
                self.known_calcutta(tenant, rows, id, (name, content), &mut beside).await?;
            kept = Some(item);
            is_there &= was_there;
        }
        Ok(SeasonReport { tournament, states, calcutta: kept, is_there, beside, notes })
    }

    /// Keeps a state of play. Its key must be new in the tournament.
    pub async fn add_state(
        &self,
        tenant: Tenant,
        id: TournamentId,
        request: StateRequest,
    ) -> Result<State, LabError> {
        let item = self.reader.tournament_item(tenant, id).await?;
        let playing = self.reader.playing(&item).await?;
        let mut wrong = Wrong::default();
        let key = request.starting_state_key.as_str();
        if key != slug(key) || key.is_empty() || key.len() > 100 {
            wrong.say("starting_state_key", "must have 1 to 100 of the characters a-z, 0-9, _ and -");
        }
        let results = playing.results(&request.results, "results", &mut wrong);
        wrong.into_result()?;
        let mut rows = Rows::default();
        let item = self.add_state_row(tenant, &mut rows, id, (key, &playing, &results)).await?;
        match self.keep("lab.add_state", vec![rows]).await {
            Err(LabError::Db(error)) if is_taken(&error) => {
                Err(LabError::Taken { what: "state of this tournament", name: key.to_owned() })
            }
            kept => kept.map(|()| State { item, results: playing.told(&results) }),
        }
    }

    /// Keeps another auction over a tournament.
    pub async fn add_calcutta(
        &self,
        tenant: Tenant,
        id: TournamentId,
        request: CalcuttaRequest,
    ) -> Result<Calcutta, LabError> {
        let item = self.reader.tournament_item(tenant, id).await?;
        let playing = self.reader.playing(&item).await?;
        let mut wrong = Wrong::default();
        wrong.name("name", &request.name);
        let content = self.content(&request, &playing, "", &mut wrong);
        wrong.into_result()?;
        let mut rows = Rows::default();
        let added = self.add_calcutta_rows(tenant, &mut rows, id, (&request.name, &content)).await?;
        self.keep("lab.add_calcutta", vec![rows]).await?;
        Ok(Calcutta { item: added.0, snapshots: vec![added.1] })
    }

    /// Makes another snapshot of one; the one it is made from stays as it is.
    pub async fn add_snapshot(&self, tenant: Tenant, request: SnapshotRequest) -> Result<Snapshot, LabError> {
        let base = self.reader.snapshot(tenant, request.base_snapshot_id).await?;
        let item = self.reader.tournament_item(tenant, base.item.tournament_id).await?;
        let playing = self.reader.playing(&item).await?;
        let mut wrong = Wrong::default();
        if let Some(description) = &request.description {
            wrong.text("description", description, 500);
        }
        let mut entries = base.content.entries;
        for id in &request.without_entry_ids {
            match entries.iter().position(|entry| entry.entry_id == *id) {
                Some(at) => drop(entries.remove(at)),
                None => wrong.say(format!("without_entry_ids[{id}]"), "is no entry of the base snapshot"),
            }
        }
        let content = SnapshotContent {
            rules: request.rules.unwrap_or(base.content.rules),
            scoring: request.scoring.unwrap_or(base.content.scoring),
            payouts: request.payouts.unwrap_or(base.content.payouts),
            entries,
        };
        Auction::check(&content, &playing, "", &mut wrong);
        wrong.into_result()?;
        let mut rows = Rows::default();
        let new = NewSnapshot {
            calcutta_id: base.item.calcutta_id,
            tournament_id: base.item.tournament_id,
            kind: SnapshotKind::Variant,
            base: Some(base.item.snapshot_id),
            description: request.description,
            content: &content,
        };
        let item = self.add_snapshot_row(tenant, &mut rows, new).await?;
        self.keep("lab.add_snapshot", vec![rows]).await?;
        Ok(Snapshot { item, content })
    }
}

/// The states of an import: before the first game, after each round that is whole, and as it stands where that is
/// between two rounds.
fn state_keys(playing: &Playing, results: &Results) -> Vec<(String, Results)> {
    let bracket = &playing.bracket;
    let mut states = vec![("pre_tournament".to_owned(), Results::none(bracket))];
    let decided = |results: &Results| results.winners().iter().flatten().count();
    for (round, name) in bracket.rounds().iter().enumerate() {
        let games = bracket.games().iter().zip(results.winners()).filter(|(game, _)| game.round <= round);
        if games.clone().any(|(_, winner)| winner.is_none()) {
            break;
        }
        let after = results.before_round(bracket, round + 1);
        if decided(&after) == states.last().map_or(0, |(_, before)| decided(before)) {
            continue;
        }
        let key = format!("post_{}", slug(name));
        let is_taken = states.iter().any(|(other, _)| *other == key);
        states.push((if is_taken { format!("post_round_{}", round + 1) } else { key }, after));
    }
    if decided(results) > states.last().map_or(0, |(_, last)| decided(last)) {
        states.push(("current".to_owned(), results.clone()));
    }
    states
}

/// A name as a key: lower case, everything else than letters, digits, `_` and `-` as `_`.
fn slug(name: &str) -> String {
    let key = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '_' };
    name.chars().take(90).map(key).collect()
}

/// What was assumed, and what is worth knowing.
fn notes(request: &SeasonRequest, playing: &Playing, content: Option<&SnapshotContent>) -> Vec<String> {
    let mut notes = Vec::new();
    if request.tournament.games.is_none() {
        let games = playing.field.games.len();
        notes.push(format!("The bracket of {games} games follows from the seeds."));
    }
    let unrated = playing.field.teams.iter().filter(|team| team.rating.is_none()).count();
    if unrated > 0 {
        notes.push(format!(
            "{} no rating: the logistic model and the ridge regression need one for every team.",
            kernel::counted(unrated, "team has", "teams have")
        ));
    }
    let Some(content) = content else { return notes };
    let has_bid = |team: &wire::lab::Team| {
        content.entries.iter().any(|entry| entry.bids.iter().any(|bid| bid.team_id == team.team_id))
    };
    let unbid = playing.field.teams.iter().filter(|team| !has_bid(team)).count();
    if unbid > 0 {
        let teams = kernel::counted(unbid, "team", "teams");
        notes.push(format!("Nobody bid on {teams}: their points go to nobody."));
    }
    notes
}
