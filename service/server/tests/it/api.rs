//! The routes of credits, and what all routes share.

mod credits;
mod errors;
mod history;
mod load;
mod matrix;
mod once;
mod openapi;
mod shared;

use packshot_server::Id;

use crate::service::Running;
use crate::stores::Fresh;

/// A service with an organisation whose owner is the operator.
pub(crate) struct House {
    pub(crate) service: Running,
    pub(crate) organisation: Id,
}

impl House {
    pub(crate) async fn on(fresh: &Fresh) -> Self {
        let mut house = Self { service: Running::on(fresh).await, organisation: Id::new() };
        house.organisation = house.another(fresh).await;
        house
    }

    /// An organisation of the operator's own, and no other.
    pub(crate) async fn another(&self, fresh: &Fresh) -> Id {
        fresh.change("DELETE FROM member").await.expect("the owner may");
        let organisation = Id::new();
        let id = fresh.literal(&organisation.to_string());
        let made =
            format!("INSERT INTO organisation VALUES ({id}, {}, 'free', 9000000000000000, 0)", fresh.bytes(&[0]));
        fresh.change(&made).await.expect("the owner may");
        let joined = format!("INSERT INTO member SELECT {id}, id, 'owner', 0 FROM account WHERE operator = 1");
        fresh.change(&joined).await.expect("the owner may");
        organisation
    }

    /// The same with so many credits, in thousandths.
    pub(crate) async fn with_credits(fresh: &Fresh, amount: i64) -> Self {
        let house = Self::on(fresh).await;
        let grant = serde_json::json!({ "amount": amount, "source": "gift" });
        house.admin("grants", grant).await.is(201);
        house
    }

    pub(crate) async fn get(&self, path: &str) -> crate::service::Reply {
        self.service.get(path, &self.service.operator).await
    }

    pub(crate) async fn post(&self, path: &str, body: serde_json::Value) -> crate::service::Reply {
        self.service.post(path, &self.service.operator, body).await
    }

    pub(crate) async fn admin(&self, what: &str, body: serde_json::Value) -> crate::service::Reply {
        self.post(&format!("/v1/admin/organisations/{}/{what}", self.organisation), body).await
    }
}
