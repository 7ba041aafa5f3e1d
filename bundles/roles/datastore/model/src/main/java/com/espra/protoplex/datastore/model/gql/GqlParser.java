package com.espra.protoplex.datastore.model.gql;

import com.espra.protoplex.datastore.model.gql.Words.Sort;
import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AggregationQuery.Aggregation;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.PropertyOrder.Direction;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.Query;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Int64Value;
import java.util.Set;

/** Makes a query of its text. What is wrong is said with its place. */
public final class GqlParser {

    private static final Set<String> AGGREGATIONS = Set.of("COUNT", "COUNT_UP_TO", "SUM", "AVG");

    private final Words words;
    private final Operands operands;
    private final Conditions conditions;

    private GqlParser(GqlQuery query, PartitionId partition) {
        words = new Words(query.getQueryString());
        operands = new Operands(words, query, partition);
        conditions = new Conditions(words, operands);
    }

    /**
     * The query that a text stands for.
     *
     * @param partition of keys that name none
     * @throws com.espra.protoplex.datastore.model.RefusedException if it is none, or an aggregation
     */
    public static Query query(GqlQuery query, PartitionId partition) {
        GqlParser parser = new GqlParser(query, partition);
        Query parsed = parser.select();
        parser.end();
        return parsed;
    }

    /** The same for a query of aggregations: {@code SELECT COUNT(*) ...} or {@code AGGREGATE COUNT(*) OVER (SELECT ...)}. */
    public static AggregationQuery aggregation(GqlQuery query, PartitionId partition) {
        GqlParser parser = new GqlParser(query, partition);
        AggregationQuery.Builder parsed = AggregationQuery.newBuilder();
        if (parser.words.takes("AGGREGATE")) {
            parser.aggregations(parsed);
            parser.words.require("OVER");
            parser.words.requireMark("(");
            parsed.setNestedQuery(parser.select());
            parser.words.requireMark(")");
        } else {
            parser.words.require("SELECT");
            parser.aggregations(parsed);
            Query.Builder nested = Query.newBuilder();
            parser.rest(nested);
            parsed.setNestedQuery(nested);
        }
        parser.end();
        return parsed.build();
    }

    private void end() {
        if (words.peek().sort() != Sort.END) {
            throw words.expected("the end");
        }
        operands.requireAllUsed();
    }

    private void aggregations(AggregationQuery.Builder query) {
        do {
            Aggregation.Builder one = Aggregation.newBuilder();
            if (!words.isNext(AGGREGATIONS)) {
                throw words.expected("COUNT, COUNT_UP_TO, SUM or AVG");
            }
            if (words.takes("COUNT")) {
                words.requireMark("(");
                words.requireMark("*");
                one.setCount(Aggregation.Count.getDefaultInstance());
            } else if (words.takes("COUNT_UP_TO")) {
                words.requireMark("(");
                one.getCountBuilder().setUpTo(Int64Value.of(operands.count()));
            } else if (words.takes("SUM")) {
                words.requireMark("(");
                one.getSumBuilder().setProperty(reference(words.path()));
            } else {
                words.take();
                words.requireMark("(");
                one.getAvgBuilder().setProperty(reference(words.path()));
            }
            words.requireMark(")");
            if (words.takes("AS")) {
                one.setAlias(words.name());
            }
            query.addAggregations(one);
        } while (words.takesMark(","));
    }

    private static PropertyReference reference(String name) {
        return PropertyReference.newBuilder().setName(name).build();
    }

    private Query select() {
        words.require("SELECT");
        if (AGGREGATIONS.stream().anyMatch(words::isCall)) {
            throw Words.refused("this is an aggregation: run it as one");
        }
        Query.Builder query = Query.newBuilder();
        boolean distinct = words.takes("DISTINCT");
        if (distinct && words.takes("ON")) {
            distinct = false;
            words.requireMark("(");
            do {
                query.addDistinctOn(reference(words.path()));
            } while (words.takesMark(","));
            words.requireMark(")");
        }
        if (!words.takesMark("*")) {
            do {
                String property = words.path();
                query.addProjectionBuilder().setProperty(reference(property));
                if (distinct) {
                    query.addDistinctOn(reference(property));
                }
            } while (words.takesMark(","));
        } else if (distinct) {
            throw Words.refused("DISTINCT needs names of properties");
        }
        rest(query);
        return query.build();
    }

    /** What comes after that which is selected. */
    private void rest(Query.Builder query) {
        if (words.takes("FROM")) {
            query.addKindBuilder().setName(words.name());
        }
        if (words.takes("WHERE")) {
            query.setFilter(conditions.any());
        }
        if (words.takes("ORDER", "BY")) {
            do {
                query.addOrderBuilder().setProperty(reference(words.path())).setDirection(direction());
            } while (words.takesMark(","));
        }
        if (words.takes("LIMIT")) {
            limit(query);
        }
        if (words.takes("OFFSET")) {
            offset(query);
        }
    }

    private Direction direction() {
        if (words.takes("DESC")) {
            return Direction.DESCENDING;
        }
        words.takes("ASC");
        return Direction.ASCENDING;
    }

    /** A number, a cursor where it ends, or the first of both that is reached. */
    private void limit(Query.Builder query) {
        if (words.isCall("FIRST")) {
            words.take();
            words.requireMark("(");
            oneLimit(query);
            words.requireMark(",");
            oneLimit(query);
            words.requireMark(")");
        } else {
            oneLimit(query);
        }
    }

    private void oneLimit(Query.Builder query) {
        if (operands.isCursor()) {
            query.setEndCursor(operands.cursor());
        } else {
            query.setLimit(Int32Value.of(operands.count()));
        }
    }

    /** A number, a cursor where it begins, or so many after it. */
    private void offset(Query.Builder query) {
        if (!operands.isCursor()) {
            query.setOffset(operands.count());
            return;
        }
        query.setStartCursor(operands.cursor());
        if (words.takesMark("+")) {
            query.setOffset(operands.count());
        }
    }
}
