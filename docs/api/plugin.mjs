// TypeDoc does not see the comments of what a mapped type passes on (`Promised`); compilers do, and so shall readers.
import { Converter } from 'typedoc'
import ts from 'typescript'

/** @param {import('typedoc').Application} app */
export function load(app) {
  const declared = (context, reflection, ...is) =>
    context.getSymbolFromReflection(reflection)?.declarations?.find((node) => is.some((isOf) => isOf(node)))

  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (context, signature) => {
    if (signature.hasComment()) return
    const method = declared(context, signature.parent, ts.isMethodDeclaration, ts.isMethodSignature)
    if (method) signature.comment = context.getSignatureComment(method)
  })
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.hasComment()) return
    const property = declared(context, reflection, ts.isPropertyDeclaration, ts.isPropertySignature)
    if (property) reflection.comment = context.getNodeComment(property, false)
  })
}
