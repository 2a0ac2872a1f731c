import { type FragmentOf, graphql } from '@/shared/graphql/tada.ts'

export const Child = graphql(`
  fragment Child on Dependant {
    id
    name
    gender
    bornOn
    dueOn
    stoppedAt
    version
    stage {
      label
    }
    nextMilestone {
      day
      stage {
        label
      }
    }
    values {
      key
      content
      text
    }
  }
`)

export const FamilyQuery = graphql(
  `
    query Family($id: ID!) {
      customer(id: $id) {
        id
        graduated
        dependants {
          ...Child
        }
      }
    }
  `,
  [Child],
)

export const AddDependant = graphql(`
  mutation AddDependant($input: AddDependantInput!) {
    addDependant(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const UpdateDependant = graphql(`
  mutation UpdateDependant($input: UpdateDependantInput!) {
    updateDependant(input: $input) {
      conflicts {
        field
        yours
        theirs
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const ConfirmBirth = graphql(`
  mutation ConfirmBirth($input: ConfirmBirthInput!) {
    confirmBirth(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const StopMilestones = graphql(`
  mutation StopMilestones($input: StopMilestonesInput!) {
    stopMilestones(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const ResumeMilestones = graphql(`
  mutation ResumeMilestones($input: ResumeMilestonesInput!) {
    resumeMilestones(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const RemoveDependant = graphql(`
  mutation RemoveDependant($input: RemoveDependantInput!) {
    removeDependant(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export const RestoreDependant = graphql(`
  mutation RestoreDependant($input: RestoreDependantInput!) {
    restoreDependant(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Child = FragmentOf<typeof Child>
