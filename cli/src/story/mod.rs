//! The main job, played on a running local consortium: a hospital is admitted, a patient enrolled,
//! records shared and paid for, a reader consented to and refused, fraud turned away. Every step
//! asserts what it must have done; the first that did not ends the story with an error.
//!
//! | file | what |
//! | --- | --- |
//! | `stage` | steps with their latency, checks, the last tables |
//! | `world` | the consortium, its well-known accounts, the people of one performance |
//! | `admission` | nomination, vote, practitioner |
//! | `enrolment` | document number, registrars, person id, keys, attestation, the regulator's check |
//! | `custody` | the secret dealt to custodians, acknowledged, proved to be kept |
//! | `records` | sealing, receipts, shares, rewards in the same transactions |
//! | `reading` | refusal, grant, a read across provinces, the restricted block |
//! | `fraud` | forged, lifted, doubled, suspended |
//! | `emergency` | a summary opened without consent, nothing beyond it, review, own log |
//! | `recovery` | new keys, approvals, delay, the old file back, the old key refused |
//! | `ending` | revocation and the patient's own access log |
//! | `lifelong` | a newborn with a guardian, a wrong record corrected, one of somebody else rejected |
//! | `works` | a public work published, endorsed, found without an account, superseded, retracted |
//! | `stream` | a wearable's readings in batches, and a live reader |
//! | `second_document` | two ids of one person linked; the registrars' logs against their anchors |
//! | `care` | a code for a care team, guidance, a referral up and down |
//! | `interchange` | own log, grants and file as FHIR and back |

mod admission;
mod care;
mod custody;
mod emergency;
mod ending;
mod enrolment;
mod fraud;
mod generate;
mod interchange;
mod lifelong;
mod reading;
mod records;
mod recovery;
mod renewal;
mod resources;
mod second_document;
mod stage;
mod stream;
mod works;
mod world;

use std::{io::IsTerminal, path::PathBuf};

use tokio::io::{AsyncBufReadExt, BufReader};

use self::{stage::Stage, world::World};
use crate::context::Context;

/// Options of the story.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Plays on the local consortium of four provinces at the usual ports, or at \
                        those of --port-base. Hospitals, doctor and patient are new in each \
                        performance, so it can be played again on the same chain."
)]
pub struct Args {
    /// Play once and end; otherwise again whenever Enter is pressed
    #[arg(long)]
    once: bool,
    /// Folder or npm archive with HL7's FHIR R4 examples; made up when left out
    #[arg(long)]
    resources: Option<PathBuf>,
}

/// Plays the story.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let again = !args.once && std::io::stdin().is_terminal();
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let mut stage = Stage::new(context.output);
        let played = play(args, context, &mut stage).await;
        stage.close(played.as_ref().err());
        played?;
        if !again {
            return Ok(());
        }
        context.output.note("Enter plays it again, Ctrl-C ends.");
        if lines.next_line().await?.is_none() {
            return Ok(());
        }
    }
}

async fn play(args: &Args, context: &Context, stage: &mut Stage) -> anyhow::Result<()> {
    let input = resources::load(args.resources.as_deref())?;
    stage.say("input", &input.source);
    let world = World::enter(context, stage).await?;
    let cast = admission::play(&world, stage).await?;
    let mut patient = enrolment::play(&world, &cast, stage).await?;
    custody::play(&world, &patient, stage).await?;
    let shared = records::play(&world, &cast, &patient, &input, stage).await?;
    let mut visit = reading::play(&world, &cast, &patient, &shared, stage).await?;
    fraud::play(&world, &cast, &patient, &shared, stage).await?;
    emergency::play(&world, &cast, &patient, &shared, stage).await?;
    recovery::play(&world, &cast, &mut patient, &shared, &mut visit, stage).await?;
    ending::play(&world, &cast, &patient, &shared, visit, stage).await?;
    care::play(&world, &cast, &patient, &shared, stage).await?;
    lifelong::play(&world, &cast, &patient, stage).await?;
    interchange::play(&world, &patient, stage).await?;
    works::play(&world, &cast, stage).await?;
    stream::play(&world, context, &cast, &patient, stage).await?;
    second_document::play(&world, &cast, &patient, stage).await?;
    world.report(&cast, &patient, stage).await
}
