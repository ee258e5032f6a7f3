//! The ten kinds that `run_v1` adds: a run's opening, attempts, phases, steps, progress, artifacts, approvals, notices.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::object::{object, words};

object! {
    /// What the run is; the first frame of a run.
    pub struct RunOpened {
        /// The run.
        run_id: String,
        /// What it does.
        run_kind: String,
        /// Which version of it.
        run_kind_version: u32,
        /// The seed of its random streams. Readers without 64-bit integers must take its digits, not a float.
        seed: u64,
        /// The digest of its spec.
        spec_digest: String,
        /// A name for people.
        title: Option<String>,
        /// The run that started it.
        parent_run_id: Option<String>,
        /// The program that took it: version, and commit where that is known.
        program: Option<String>,
        /// What it reads, by id and digest.
        inputs: Vec<RunInput>,
        /// A digest of what was asked for beside all this: tenant, family, what it repeats, priority, attempts, keys, and
        /// when. Frames of earlier versions have none.
        request_digest: Option<String>,
    }
}

object! {
    /// Something a run reads.
    pub struct RunInput {
        /// What for.
        role: String,
        /// Where it lives: a data set, an artifact, a run, a model or a snapshot.
        source: Option<String>,
        /// Its id there.
        id: String,
        /// Its digest.
        digest: String,
    }
}

object! {
    /// An execution of the run begins.
    pub struct AttemptStarted {
        /// Which one, from 1.
        attempt: u32,
        /// Who executes it.
        worker: String,
        /// When it was claimed. Frames of earlier versions do not say.
        started_at: Option<DateTime<Utc>>,
        /// A digest of how the attempts before it went and ended; none where there are none.
        before_digest: Option<String>,
    }
}

object! {
    /// A phase begins.
    pub struct PhaseStarted {
        /// The phase.
        phase: String,
        /// Which one, from 1.
        phase_index: u32,
        /// How many there are.
        phase_total: u32,
        /// A name for people.
        title: Option<String>,
    }
}

object! {
    /// A step begins.
    pub struct StepStarted {
        /// The step.
        step: String,
        /// Which one of the run, from 1.
        step_index: u32,
        /// How many the run has.
        step_total: u32,
        /// The phase it belongs to.
        phase: String,
        /// Which phase, from 1.
        phase_index: u32,
        /// How many phases there are.
        phase_total: u32,
    }
}

words! {
    /// How a step stands.
    pub enum StepStatus {
        /// Done.
        Pass = "pass",
        /// Broken.
        Fail = "fail",
        /// Left out, for a stated reason.
        Skip = "skip",
        /// Done, with a remark.
        Warn = "warn",
        /// Not done yet: said on the way.
        Running = "running",
    }
}

object! {
    /// A step ended, or (status `running`) said something on the way.
    pub struct StepCompleted {
        /// The step.
        step: String,
        /// Which one of the run, from 1.
        step_index: u32,
        /// How many the run has.
        step_total: u32,
        /// The phase it belongs to.
        phase: String,
        /// Which phase, from 1.
        phase_index: u32,
        /// How many phases there are.
        phase_total: u32,
        /// How it stands.
        status: StepStatus,
        /// One line for people.
        detail: String,
        /// How long it took.
        duration_ms: f64,
        /// What it has to say to programs.
        data: Map<String, Value>,
    }
}

object! {
    /// How far a phase is.
    pub struct Progress {
        /// The phase.
        phase: String,
        /// The part that is done, from 0 to 1.
        fraction: f64,
        /// How many parts are done.
        done: Option<u64>,
        /// How many parts there are.
        total: Option<u64>,
        /// One line for people.
        message: Option<String>,
    }
}

object! {
    /// An artifact exists.
    pub struct ArtifactCreated {
        /// The artifact.
        artifact_id: String,
        /// Its name in the run.
        name: String,
        /// What it is.
        media_type: String,
        /// How large it is.
        size_bytes: u64,
        /// The digest of its bytes.
        digest: String,
        /// When the run published it. Frames of earlier versions do not say.
        created_at: Option<DateTime<Utc>>,
    }
}

object! {
    /// Somebody has to decide.
    pub struct ApprovalRequested {
        /// The question.
        approval_id: String,
        /// What is asked.
        title: String,
        /// What depends on it.
        detail: Option<String>,
        /// When the question lapses.
        expires_at: Option<DateTime<Utc>>,
    }
}

words! {
    /// An answer.
    pub enum Decision {
        /// Yes.
        Approved = "approved",
        /// No.
        Rejected = "rejected",
        /// Nobody answered in time.
        TimedOut = "timed_out",
    }
}

object! {
    /// Somebody, or the deadline, decided.
    pub struct ApprovalDecided {
        /// The question.
        approval_id: String,
        /// The answer.
        decision: Decision,
        /// Why.
        reason: Option<String>,
    }
}

words! {
    /// How much a notice matters.
    pub enum Level {
        /// Good to know.
        Info = "info",
        /// Should be looked at.
        Warning = "warning",
        /// Went wrong, though the run goes on.
        Error = "error",
    }
}

object! {
    /// Something worth saying that has no kind of its own.
    pub struct RunNotice {
        /// How much it matters.
        level: Level,
        /// A stable code.
        code: String,
        /// One line for people.
        message: String,
        /// What it has to say to programs.
        data: Option<Map<String, Value>>,
    }
}
