//! Which plan an organisation has.

use axum::extract::State;
use packshot_api::service::{NewPlan, Time};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Operator, PathId};
use crate::id::Id;
use crate::once::{Effect, Once};
use crate::plans::give;
use crate::retention::plan_anew;
use crate::state::App;
use crate::store::{Tx, Writes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(change))
}

/// Gives an organisation another plan
///
/// Its credits of this month come at once; those of the plan before stay until they expire.
#[utoipa::path(post, path = "/v1/admin/organisations/{id}/plan", tag = "admin", request_body = NewPlan,
    extensions(("x-permission" = json!("operator"))),
    params(("id" = String, Path, description = "The organisation.")),
    responses((status = 204, description = "It has the plan.")))]
async fn change(
    State(app): State<App>,
    Operator(caller): Operator,
    PathId(organisation): PathId,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<NewPlan>,
) -> Result<Answer<()>> {
    if app.plans().plan(&new.plan).is_none() {
        let ids = app.plans().plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::field("plan", format!("is `{}`; it may be {ids}", new.plan)));
    }
    let once = Once::new(app.secrets(), caller.account, &key, &format!("plan of {organisation}"), &new)?;
    let done =
        once.run(app.store(), app.clock(), &Change { organisation, plan: &new.plan, now: app.clock().now() }).await?;
    give(app.store(), app.ledger(), app.clock(), app.plans(), organisation).await?;
    Ok(Answer::empty().replayed(done.replayed))
}

struct Change<'a> {
    organisation: Id,
    plan: &'a str,
    now: Time,
}

impl Effect for Change<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const FIND: &str = "SELECT plan FROM organisation WHERE id = $1";
        let rows = tx.rows(FIND, &[(&self.organisation).into()]).await?;
        let before = rows.first().ok_or(Error::NotFound("organisation"))?.text("plan")?;
        let mut writes = Writes::default();
        if before != self.plan {
            // What is kept was promised something under the plan before.
            writes.add(
                "INSERT INTO organisation_plan VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                [self.organisation.into(), self.now.into(), before.into()],
            );
            plan_anew(&mut writes, self.organisation);
        }
        writes.add(
            "UPDATE organisation SET plan = $2, granted_for = NULL WHERE id = $1",
            [self.organisation.into(), self.plan.to_owned().into()],
        );
        Ok((writes, ()))
    }
}
