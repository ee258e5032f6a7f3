//! How far a caller may go: each route stands behind one scope, and the document says which.

use access::Reader;
use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::Class;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, PathItem, RefOr};
use utoipa_axum::router::OpenApiRouter;
use wire::access::Scope;

use super::identify::{SESSION, identify};
use crate::Problem;
use crate::quotas::Requests;

/// How the document calls a token in a header, and a session in a cookie.
const TOKEN: &str = "token";
const COOKIE: &str = "session";

/// Puts these routes behind a scope.
pub(crate) fn scoped<S: Clone + Send + Sync + 'static>(
    scope: Scope,
    mut router: OpenApiRouter<S>,
) -> OpenApiRouter<S> {
    for item in router.get_openapi_mut().paths.paths.values_mut() {
        operations(item).for_each(|operation| operation.security = Some(required(scope)));
    }
    router.route_layer(from_fn_with_state(scope, require))
}

/// A server that was given no token asks for none, so the first way in is none at all.
fn required(scope: Scope) -> Vec<SecurityRequirement> {
    let needs = |name: &str| SecurityRequirement::new(name, [scope.as_str()]);
    vec![SecurityRequirement::default(), needs(TOKEN), needs(COOKIE)]
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// Adds the ways in to the document.
pub(crate) fn describe_schemes(components: &mut Components) {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token, as `assay token create` makes it"))
        .build();
    let cookie =
        ApiKeyValue::with_description(SESSION, "What a browser got for a token from `POST /session`");
    let schemes = [
        (TOKEN.to_owned(), SecurityScheme::Http(token)),
        (COOKIE.to_owned(), SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
    ];
    components.security_schemes.extend(schemes.map(|(name, scheme)| (name, RefOr::T(scheme))));
}

async fn require(
    State(scope): State<Scope>,
    Extension(access): Extension<Reader>,
    Extension(requests): Extension<Requests>,
    mut request: Request,
    next: Next,
) -> Response {
    let identity = match identify(&access, request.extensions(), request.headers()).await {
        Ok(identity) => identity,
        Err(problem) => return problem.into_response(),
    };
    if identity.tenant.scopes().cover(scope.alone()) {
        // What a run asks for it waits for, while its own request may be one of those that are counted.
        let permit = identity.run.is_none().then(|| requests.permit(identity.tenant));
        let _permit = match permit.transpose() {
            Ok(permit) => permit,
            Err(problem) => return problem.into_response(),
        };
        request.extensions_mut().insert(identity);
        return next.run(request).await;
    }
    let detail = format!("this needs a token with the scope `{}`", scope.as_str());
    Problem::new(Class::Forbidden, "SCOPE_MISSING", detail).into_response()
}
