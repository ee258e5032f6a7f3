//! HTTP: routes, problem+json, SSE, WebSocket, OpenAPI.
