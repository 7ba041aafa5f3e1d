package com.espra.protoplex.datastore.server.command;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Value;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.NullValue;
import java.time.Instant;
import java.util.Base64;

/** Properties as plain JSON: for people. What JSON has no form for is written as text, and read as text. */
final class PlainValues {

    private PlainValues() {}

    static JsonObject write(Entity entity) {
        JsonObject json = new JsonObject();
        entity.getPropertiesMap().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(each -> json.add(each.getKey(), write(each.getValue())));
        return json;
    }

    private static JsonElement write(Value value) {
        return switch (value.getValueTypeCase()) {
            case NULL_VALUE, VALUETYPE_NOT_SET -> JsonNull.INSTANCE;
            case BOOLEAN_VALUE -> new JsonPrimitive(value.getBooleanValue());
            case INTEGER_VALUE -> new JsonPrimitive(value.getIntegerValue());
            case DOUBLE_VALUE ->
                Double.isFinite(value.getDoubleValue())
                        ? new JsonPrimitive(value.getDoubleValue())
                        : new JsonPrimitive(Double.toString(value.getDoubleValue()));
            case STRING_VALUE -> new JsonPrimitive(value.getStringValue());
            case TIMESTAMP_VALUE ->
                new JsonPrimitive(Instant.ofEpochSecond(
                                value.getTimestampValue().getSeconds(),
                                value.getTimestampValue().getNanos())
                        .toString());
            case KEY_VALUE -> new JsonPrimitive(KeyText.write(value.getKeyValue()));
            case BLOB_VALUE ->
                new JsonPrimitive(
                        Base64.getEncoder().encodeToString(value.getBlobValue().toByteArray()));
            case GEO_POINT_VALUE ->
                new JsonPrimitive(value.getGeoPointValue().getLatitude() + ","
                        + value.getGeoPointValue().getLongitude());
            case ENTITY_VALUE -> write(value.getEntityValue());
            case ARRAY_VALUE -> {
                JsonArray array = new JsonArray();
                value.getArrayValue().getValuesList().forEach(each -> array.add(write(each)));
                yield array;
            }
        };
    }

    /** @throws IllegalArgumentException if it is no object */
    static Entity.Builder read(String text) {
        try {
            JsonElement json = JsonParser.parseString(text);
            if (json.isJsonObject()) {
                return entity(json.getAsJsonObject());
            }
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("the properties are no JSON: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("the properties are an object of JSON, such as {\"done\": true, \"n\": 1}");
    }

    private static Entity.Builder entity(JsonObject json) {
        Entity.Builder entity = Entity.newBuilder();
        json.asMap().forEach((name, value) -> entity.putProperties(name, value(value)));
        return entity;
    }

    private static Value value(JsonElement json) {
        Value.Builder value = Value.newBuilder();
        if (json.isJsonObject()) {
            return value.setEntityValue(entity(json.getAsJsonObject())).build();
        }
        if (json.isJsonArray()) {
            ArrayValue.Builder array = ArrayValue.newBuilder();
            json.getAsJsonArray().forEach(each -> array.addValues(value(each)));
            return value.setArrayValue(array).build();
        }
        if (json.isJsonNull()) {
            return value.setNullValue(NullValue.NULL_VALUE).build();
        }
        JsonPrimitive primitive = json.getAsJsonPrimitive();
        if (primitive.isBoolean()) {
            return value.setBooleanValue(primitive.getAsBoolean()).build();
        }
        if (primitive.isString()) {
            return value.setStringValue(primitive.getAsString()).build();
        }
        String number = primitive.getAsString();
        return number.matches("-?[0-9]+")
                ? value.setIntegerValue(whole(number)).build()
                : value.setDoubleValue(primitive.getAsDouble()).build();
    }

    private static long whole(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    number + " is no integer of 64 bits: write " + number + ".0 for a double, which rounds it", e);
        }
    }
}
