//! Plans and prices.

use super::Credits;
use super::open::{answers, requests};

answers! {
    /// What an organisation can subscribe to.
    pub struct Plan {
        /// Its id, such as `free`.
        pub id: String,
        /// Its name for people.
        pub name: String,
        /// Credits that it gives.
        pub grants: Vec<PlanGrant>,
        /// How many API keys an organisation may have.
        pub keys: u32,
        /// How many members.
        pub members: u32,
    }

    /// Credits that a plan gives.
    pub struct PlanGrant {
        /// How many.
        pub amount: Credits,
        /// How often: `month`, or `once`.
        pub every: String,
        /// Grants with a lower number are used first.
        pub priority: u32,
    }

    /// What a tool costs.
    pub struct Price {
        /// The step of a recipe, such as `remove_background`.
        pub step: String,
        /// For each photo.
        pub photo: Credits,
        /// For each megapixel of the result that is begun, beyond the first.
        pub megapixel: Credits,
    }
}

requests! {
    /// Another plan for an organisation.
    pub struct NewPlan {
        /// The id of the plan.
        pub plan: String,
    }
}
