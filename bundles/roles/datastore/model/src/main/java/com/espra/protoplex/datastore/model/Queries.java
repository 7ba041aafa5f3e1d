package com.espra.protoplex.datastore.model;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AggregationQuery.Aggregation;
import com.google.datastore.v1.AggregationResult;
import com.google.datastore.v1.AggregationResultBatch;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Queries and aggregations at one view. */
final class Queries {

    private static final int BATCH = 300;
    private static final int AGGREGATED_AT_ONCE = 10_000;

    private Queries() {}

    static QueryResultBatch batch(Query query, PartitionId partition, Validation validation, View view) {
        QueryPlan plan = new QueryPlan(query, partition, validation, true, false);
        byte[] start = plan.position(query.getStartCursor().toByteArray());
        QueryResultBatch.Builder batch = QueryResultBatch.newBuilder();
        QueryRun run = new QueryRun(
                plan,
                view,
                query.getOffset(),
                query.hasLimit() ? query.getLimit().getValue() : -1,
                BATCH,
                start,
                plan.position(query.getEndCursor().toByteArray()),
                batch::addEntityResults);
        MoreResultsType more = run.run();
        ByteString end = ByteString.copyFrom(plan.cursor(run.last()));
        batch.setMoreResults(more)
                .setEndCursor(end)
                .setSkippedResults(run.skipped())
                .setSnapshotVersion(view.version())
                .setReadTime(Values.timestamp(view.version()))
                .setEntityResultType(
                        plan.isKeysOnly()
                                ? EntityResult.ResultType.KEY_ONLY
                                : plan.projection().isEmpty()
                                        ? EntityResult.ResultType.FULL
                                        : EntityResult.ResultType.PROJECTION);
        if (run.skipped() > 0 && run.returned() == 0) {
            batch.setSkippedCursor(end);
        }
        return batch.build();
    }

    static AggregationResultBatch aggregate(
            AggregationQuery aggregation, PartitionId partition, Validation validation, View view) {
        int count = aggregation.getAggregationsCount();
        if (count == 0 || count > Quotas.AGGREGATIONS) {
            throw RefusedException.invalid(
                    "1 to " + Quotas.AGGREGATIONS + " aggregations are allowed in a query, not " + count);
        }
        List<Fold> folds = new ArrayList<>();
        aggregation.getAggregationsList().forEach(each -> folds.add(new Fold(each)));
        Query nested = aggregation.getNestedQuery();
        boolean keys = folds.stream().allMatch(Fold::countsOnly) && nested.getProjectionCount() == 0;
        long enough = folds.stream().mapToLong(Fold::enough).max().orElse(Long.MAX_VALUE);
        boolean ordered = nested.hasLimit()
                || nested.getOffset() > 0
                || !nested.getStartCursor().isEmpty()
                || !nested.getEndCursor().isEmpty();
        all(new QueryPlan(nested, partition, validation, ordered, keys), nested, view, folds, enough);
        AggregationResult.Builder result = AggregationResult.newBuilder();
        Set<String> aliases = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String alias = aggregation.getAggregations(i).getAlias();
            String name = alias.isEmpty() ? "property_" + (i + 1) : alias;
            if (!aliases.add(name)) {
                throw RefusedException.invalid("two aggregations have the alias " + Validation.shown(name));
            }
            result.putAggregateProperties(name, folds.get(i).result());
        }
        return AggregationResultBatch.newBuilder()
                .addAggregationResults(result)
                .setMoreResults(MoreResultsType.NO_MORE_RESULTS)
                .setReadTime(Values.timestamp(view.version()))
                .build();
    }

    private static void all(QueryPlan plan, Query query, View view, List<Fold> folds, long enough) {
        byte[] start = plan.position(query.getStartCursor().toByteArray());
        byte[] end = plan.position(query.getEndCursor().toByteArray());
        int offset = query.getOffset();
        int limit = query.hasLimit() ? query.getLimit().getValue() : -1;
        long seen = 0;
        while (true) {
            QueryRun run = new QueryRun(
                    plan,
                    view,
                    offset,
                    limit,
                    AGGREGATED_AT_ONCE,
                    start,
                    end,
                    result -> folds.forEach(fold -> fold.add(result.getEntity())));
            MoreResultsType more = run.run();
            seen += run.returned();
            if (more != MoreResultsType.NOT_FINISHED || seen >= enough) {
                return;
            }
            start = run.last();
            offset -= run.skipped();
            limit = limit < 0 ? limit : limit - run.returned();
        }
    }

    /** One aggregation, as results come. */
    private static final class Fold {
        private final Aggregation aggregation;
        private final String property;
        private long count;
        private long numbers;
        private BigInteger whole = BigInteger.ZERO;
        private double fraction;
        private boolean isFraction;

        Fold(Aggregation aggregation) {
            this.aggregation = aggregation;
            property = switch (aggregation.getOperatorCase()) {
                case COUNT -> "";
                case SUM -> aggregation.getSum().getProperty().getName();
                case AVG -> aggregation.getAvg().getProperty().getName();
                case OPERATOR_NOT_SET -> throw RefusedException.invalid("an aggregation without an operator");
            };
            if (!aggregation.hasCount()) {
                Validation.name("property name", property, false);
            }
        }

        boolean countsOnly() {
            return aggregation.hasCount();
        }

        /** How many results are as good as all. */
        long enough() {
            return aggregation.hasCount() && aggregation.getCount().hasUpTo()
                    ? aggregation.getCount().getUpTo().getValue()
                    : Long.MAX_VALUE;
        }

        void add(Entity entity) {
            count++;
            if (aggregation.hasCount()) {
                return;
            }
            for (Value value : IndexedValues.of(entity).of(property).values()) {
                if (value.hasIntegerValue()) {
                    numbers++;
                    whole = whole.add(BigInteger.valueOf(value.getIntegerValue()));
                } else if (value.hasDoubleValue()) {
                    numbers++;
                    isFraction = true;
                    fraction += value.getDoubleValue();
                }
            }
        }

        Value result() {
            Value.Builder value = Value.newBuilder();
            if (aggregation.hasCount()) {
                return value.setIntegerValue(Math.min(count, enough())).build();
            }
            if (aggregation.hasSum()) {
                return !isFraction && whole.bitLength() < Long.SIZE
                        ? value.setIntegerValue(whole.longValueExact()).build()
                        : value.setDoubleValue(whole.doubleValue() + fraction).build();
            }
            return numbers == 0
                    ? value.setNullValue(NullValue.NULL_VALUE).build()
                    : value.setDoubleValue((whole.doubleValue() + fraction) / numbers)
                            .build();
        }
    }
}
