import { type FragmentOf, graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const TaskCard = graphql(`
  fragment TaskCard on Task {
    id
    customer {
      id
      name
      alias
      cell
      level
      phone
      memberNo
    }
    store {
      id
      name
    }
    assignee {
      id
      name
    }
    reasons {
      key
      why
      say
      dueAt
    }
    dueAt
    state
    outcome
    note
    followUpAt
    attempts
    channels
    closedAt
    closedBy {
      id
      name
    }
    version
  }
`)

export const TodayQuery = graphql(
  `
    query Today($first: Int!) {
      today(first: $first) {
        date
        openCount
        open {
          ...TaskCard
        }
        done {
          ...TaskCard
        }
      }
    }
  `,
  [TaskCard],
)

export const TaskQuery = graphql(
  `
    query TaskById($id: ID!) {
      task(id: $id) {
        ...TaskCard
      }
    }
  `,
  [TaskCard],
)

export const RecordOutcome = graphql(`
  mutation RecordOutcome($input: RecordOutcomeInput!) {
    recordOutcome(input: $input) {
      task {
        id
        state
        version
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UndoOutcome = graphql(`
  mutation UndoOutcome($input: UndoOutcomeInput!) {
    undoOutcome(input: $input) {
      task {
        id
        state
        version
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Task = FragmentOf<typeof TaskCard>
export type Today = ResultOf<typeof TodayQuery>['today']
export type Outcome = NonNullable<Task['outcome']>
export const OUTCOMES = [
  'REACHED',
  'VISIT_BOOKED',
  'NO_ANSWER',
  'LATER',
  'REFUSED',
  'WRONG_PERSON',
] as const satisfies Outcome[]
