// What the reference tells besides what TypeDoc sees: the comments of methods that a mapped type passes on, and not how the
// groups of acts are constructed, for callers only get them.
import { Converter, ReflectionKind } from 'typedoc'
import ts from 'typescript'

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (context, signature) => {
    if (signature.hasComment()) return
    const { declarations = [] } = context.getSymbolFromReflection(signature.parent) ?? {}
    const declared = declarations.find((node) => ts.isMethodDeclaration(node) || ts.isMethodSignature(node))
    if (declared) signature.comment = context.getSignatureComment(declared)
  })
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Constructor)) return
    const file = context.getSymbolFromReflection(reflection.parent)?.declarations?.[0]?.getSourceFile().fileName ?? ''
    if (file.includes('/src/learning/')) context.project.removeReflection(reflection)
  })
}
