import { graphql, type ResultOf, type VariablesOf } from '@/shared/graphql/tada.ts'

const WholeTemplate = graphql(`
  fragment WholeTemplate on ProfileTemplate {
    version
    savedAt
    savedBy {
      name
    }
    groups {
      key
      titles {
        zhCn
        en
      }
    }
    fields {
      key
      kind
      group
      labels {
        zhCn
        en
      }
      helps {
        zhCn
        en
      }
      benefits {
        zhCn
        en
      }
      options {
        key
        archived
        labels {
          zhCn
          en
        }
      }
      required
      weight
      sensitivity
      subject
      sees
      edits
      rules {
        code
        value
        values
        message
        messages {
          zhCn
          en
        }
      }
      searchable
      archivedAt
      builtIn
      computed
      needed
      limitable
    }
  }
`)

export const TemplateQuery = graphql(
  `
    query EditTemplate {
      profileTemplate {
        ...WholeTemplate
      }
    }
  `,
  [WholeTemplate],
)

export const UsageQuery = graphql(`
  query FieldUsage($key: String!) {
    fieldUsage(key: $key) {
      customers
      uses {
        place
        name
      }
    }
  }
`)

export const SaveTemplate = graphql(
  `
    mutation SaveProfileTemplate($input: SaveProfileTemplateInput!) {
      saveProfileTemplate(input: $input) {
        template {
          ...WholeTemplate
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
  [WholeTemplate],
)

export type Whole = ResultOf<typeof TemplateQuery>['profileTemplate']
export type Field = Whole['fields'][number]
export type Usage = ResultOf<typeof UsageQuery>['fieldUsage']
export type SaveInput = Omit<VariablesOf<typeof SaveTemplate>['input'], 'operationId'>
