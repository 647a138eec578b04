export type { CorsOptions } from '../http/cors.ts'
export { createHandler, type Handler, type HandlerOptions } from '../http/handler.ts'
export { type Authenticate, bearerToken, type Principal, type TokenPrincipal } from '../http/principal.ts'
export type { HttpProblemCode, ProblemCode, ProblemDetails } from '../http/problem.ts'
