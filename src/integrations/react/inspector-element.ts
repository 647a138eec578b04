import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { LearningInspector } from '../../inspector/learning-inspector.ts'

/** The attributes of `<learning-inspector>` in JSX. React 19 sets them as properties of the element. */
export type InspectorAttributes = DetailedHTMLProps<HTMLAttributes<LearningInspector>, LearningInspector> & {
  readonly [Name in 'store' | 'view' | 'theme' | 'agentId']?: LearningInspector[Name] | undefined
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'learning-inspector': InspectorAttributes
    }
  }
}
