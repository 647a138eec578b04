import { createElement, type JSX } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, expectTypeOf, test } from 'vitest'
import type { AsyncStore } from '../../src/entry/node.ts'
import type { LearningInspector } from '../../src/inspector/learning-inspector.ts'
import type { InspectorAttributes } from '../../src/integrations/react/react.ts'

test('JSX knows the properties of the inspector', () => {
  type Attributes = JSX.IntrinsicElements['learning-inspector']
  expectTypeOf<Attributes>().toEqualTypeOf<InspectorAttributes>()
  expectTypeOf<Attributes['store']>().toEqualTypeOf<AsyncStore | undefined>()
  expectTypeOf<Attributes['theme']>().toEqualTypeOf<'light' | 'dark' | undefined>()
  expectTypeOf<NonNullable<Attributes['onClick']>>().parameter(0).toHaveProperty('currentTarget')
  expectTypeOf<HTMLElementTagNameMap['learning-inspector']>().toEqualTypeOf<LearningInspector>()
  const attributes: Attributes = { view: 'values', theme: 'dark', className: 'wide' }
  expect(renderToString(createElement('learning-inspector', attributes))).toContain('view="values"')
  // @ts-expect-error: not a theme.
  const wrong: Attributes = { theme: 'blue' }
  expect(wrong).toBeDefined()
})
