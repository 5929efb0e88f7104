//! Which plan an organisation has.

use axum::extract::State;
use packshot_api::service::NewPlan;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Operator, PathId};
use crate::id::Id;
use crate::once::{Effect, Once};
use crate::plans::give;
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
    let done = once.run(app.store(), app.clock(), &Change { organisation, plan: &new.plan }).await?;
    give(app.store(), app.ledger(), app.clock(), app.plans(), organisation).await?;
    Ok(Answer::empty().replayed(done.replayed))
}

struct Change<'a> {
    organisation: Id,
    plan: &'a str,
}

impl Effect for Change<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const FIND: &str = "SELECT 1 AS one FROM organisation WHERE id = $1";
        if tx.rows(FIND, &[(&self.organisation).into()]).await?.is_empty() {
            return Err(Error::NotFound("organisation"));
        }
        let mut writes = Writes::default();
        writes.add(
            "UPDATE organisation SET plan = $2, granted_for = NULL WHERE id = $1",
            [self.organisation.into(), self.plan.to_owned().into()],
        );
        Ok((writes, ()))
    }
}
