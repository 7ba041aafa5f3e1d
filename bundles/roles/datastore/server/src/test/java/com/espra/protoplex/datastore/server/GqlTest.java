package com.espra.protoplex.datastore.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.GqlQuery;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.QueryResults;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** GQL, as Google's client sends it. */
public class GqlTest {

    @Rule
    public final TestDatastore server = new TestDatastore();

    private List<String> names(Datastore datastore, GqlQuery<Entity> query) {
        List<String> names = new ArrayList<>();
        QueryResults<Entity> results = datastore.run(query);
        results.forEachRemaining(each -> names.add(each.getKey().getName()));
        return names;
    }

    private static GqlQuery.Builder<Entity> gql(String text) {
        return Query.newGqlQueryBuilder(Query.ResultType.ENTITY, text).setAllowLiteral(true);
    }

    @Test
    public void aQueryIsTextWithBindings() {
        Datastore datastore = server.client();
        for (int i = 0; i < 5; i++) {
            Key key = datastore.newKeyFactory().setKind("Task").newKey("t" + i);
            datastore.put(
                    Entity.newBuilder(key).set("n", i).set("odd", i % 2 == 1).build());
        }
        assertEquals(
                List.of("t4", "t2"),
                names(
                        datastore,
                        gql("SELECT * FROM Task WHERE odd = FALSE AND n > @least ORDER BY n DESC")
                                .setBinding("least", 1)
                                .build()));
        assertEquals(
                List.of("t1"),
                names(
                        datastore,
                        gql("SELECT * FROM Task WHERE n >= @1 LIMIT @2")
                                .addBinding(1)
                                .addBinding(1)
                                .build()));
        Query<Entity> first = gql("SELECT * FROM Task ORDER BY n LIMIT 2").build();
        QueryResults<Entity> results = datastore.run(first);
        results.forEachRemaining(each -> {});
        assertEquals(
                List.of("t2", "t3"),
                names(
                        datastore,
                        gql("SELECT * FROM Task ORDER BY n LIMIT 2 OFFSET @from")
                                .setBinding("from", results.getCursorAfter())
                                .build()));
        assertEquals(
                List.of("t3"),
                names(
                        datastore,
                        gql("SELECT * WHERE __key__ >= KEY(Task, 't3') AND __key__ < KEY(Task, 't4')")
                                .build()));
        assertEquals(
                List.of("t3"),
                names(datastore, gql("SELECT * WHERE __key__ = KEY(Task, 't3')").build()));
        assertEquals(
                List.of("t3"),
                names(
                        datastore,
                        gql("SELECT * FROM Task WHERE __key__ = KEY(Task, 't3')")
                                .build()));
        DatastoreException refused = assertThrows(
                DatastoreException.class,
                () -> datastore.run(gql("SELECT * FROM Task WHERE").build()));
        assertEquals("INVALID_ARGUMENT", refused.getReason());
        assertTrue(refused.getMessage(), refused.getMessage().contains("GQL:"));
    }
}
