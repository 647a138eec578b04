// TypeDoc does not see the comments of methods that a mapped type passes on (`Promised`); compilers do, and so shall readers.
import { Converter } from 'typedoc'
import ts from 'typescript'

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (context, signature) => {
    if (signature.hasComment()) return
    const { declarations = [] } = context.getSymbolFromReflection(signature.parent) ?? {}
    const declared = declarations.find((node) => ts.isMethodDeclaration(node) || ts.isMethodSignature(node))
    if (declared) signature.comment = context.getSignatureComment(declared)
  })
}
