//! One file a call or a way in.

mod claw_back;
mod eras;
mod genesis;
mod publishing;
mod random;
mod reward;
mod set_schedule;
mod set_transfer_policy;
mod settle_era;
mod take_back;
mod taken_in;
mod try_state;
