import { graphql, type ResultOf } from '@/shared/graphql/tada.ts'

export const PredictionsQuery = graphql(`
  query Predictions {
    predictions {
      asOf
      scored
      running
      dueAt
      labels {
        label
        name
        bar
        customers
        action
      }
      models {
        target
        number
        state
        asOf
        trainedAt
        lackSaid
        report {
          featuresOn
          labelsTo
          customers
          came
          model {
            auc
            brier
            ece
          }
          recency {
            auc
            brier
            ece
          }
          rfm {
            auc
            brier
            ece
          }
          bins {
            said
            came
            customers
          }
        }
      }
    }
  }
`)

export const PredictedCustomers = graphql(`
  query PredictedCustomers($label: PredictionLabelKey!) {
    predictedCustomers(label: $label, first: 20) {
      id
      name
      alias
      phone
      cell
      prediction {
        order90
        new90
        reasons
        owner {
          id
          name
        }
      }
    }
  }
`)

export const CustomerPrediction = graphql(`
  query CustomerPrediction($id: ID!) {
    customer(id: $id) {
      id
      prediction {
        asOf
        order90
        nextOn
        reasons
        action
        owner {
          id
          name
        }
      }
    }
  }
`)

export const RetrainPredictions = graphql(`
  mutation RetrainPredictions($input: RetrainPredictionsInput!) {
    retrainPredictions(input: $input) {
      queued
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Foretold = ResultOf<typeof PredictionsQuery>['predictions']
export type Model = Foretold['models'][number]
export type Report = NonNullable<Model['report']>
export type LabelKey = Foretold['labels'][number]['label']
export type Listed = ResultOf<typeof PredictedCustomers>['predictedCustomers'][number]
