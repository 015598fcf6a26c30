//! Tests, one file a call or a concern.

use frame_support::{assert_noop, dispatch::DispatchResult};
use sp_runtime::DispatchError;

use crate::{mock::*, *};
