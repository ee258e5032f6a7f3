//! Knock-out tournaments and auctions over them: brackets as data, who beats whom, exact chances, simulation, scoring,
//! payouts and the best bids. Pure: no input, no output, no clock, no threads of its own.
//!
//! Teams, games, slots and entries are named by index within one bracket or contest; ids belong to the caller.

mod auction;
mod bids;
mod bracket;
mod condition;
mod evaluate;
mod generate;
mod market;
mod odds;
mod ownership;
mod probability;
mod reach;
mod results;
mod scoring;
mod seal;
mod simulate;
mod standings;

pub use auction::{AuctionError, AuctionRules, Bid, Payouts};
pub use bids::{Plan, Prospect, best};
pub use bracket::{
    Bracket, BracketError, FinalFour, Game, GameSpec, Group, RegionalTeam, SideSpec, Slot, Source, TEAMS,
    grouped, regional, seeded,
};
pub use condition::{Condition, ConditionError};
pub use evaluate::{
    Agreeing, Contest, Estimate, Member, Outcome, PairOf, Paired, Performance, Portfolio, Scorer, Tally,
    agreeing, estimate_of_count, paired, performances, portfolio,
};
pub use generate::{MadeEntry, MadeField, auction, field};
pub use market::{FEATURES, MarketError, Ridge, Season, TeamFacts, naive, oracle};
pub use odds::{devig, implied, ratings_of_reach};
pub use ownership::{Owned, Ownership, PARTS};
pub use probability::{Pair, PairTable, ProbabilityError, logistic};
pub use reach::{Reach, reach};
pub use results::{ResultError, Results, Standing};
pub use scoring::{Points, ScoringError, ScoringRule};
pub use seal::{BLOCK, Proof, Seal, block_digest, leaf};
pub use simulate::{Bits, Block, Path, Simulator, Visit, Winners};
pub use standings::{Finish, MOST_ENTRIES, Score, TIE, standings};
