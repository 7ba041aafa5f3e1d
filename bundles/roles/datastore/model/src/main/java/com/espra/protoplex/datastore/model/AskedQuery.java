package com.espra.protoplex.datastore.model;

import com.espra.protoplex.datastore.model.gql.GqlParser;
import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;

/** The query of a request, however it is written. */
final class AskedQuery {

    private AskedQuery() {}

    static Query query(RunQueryRequest request, PartitionId partition) {
        if (request.hasExplainOptions()) {
            throw RefusedException.unimplemented("explain");
        }
        return switch (request.getQueryTypeCase()) {
            case QUERY -> request.getQuery();
            case GQL_QUERY -> GqlParser.query(request.getGqlQuery(), partition);
            case QUERYTYPE_NOT_SET -> throw RefusedException.invalid("a request without a query");
        };
    }

    static AggregationQuery aggregation(RunAggregationQueryRequest request, PartitionId partition) {
        if (request.hasExplainOptions()) {
            throw RefusedException.unimplemented("explain");
        }
        return switch (request.getQueryTypeCase()) {
            case AGGREGATION_QUERY -> request.getAggregationQuery();
            case GQL_QUERY -> GqlParser.aggregation(request.getGqlQuery(), partition);
            case QUERYTYPE_NOT_SET -> throw RefusedException.invalid("a request without a query");
        };
    }
}
