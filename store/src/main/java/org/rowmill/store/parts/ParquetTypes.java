package org.rowmill.store.parts;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.rowmill.schemas.model.ColumnType;
import org.rowmill.schemas.model.TableSchema;

/** The Parquet types of stored types. Every Parquet reader knows them. */
public final class ParquetTypes {

    /** Bytes of a decimal with 38 digits. */
    static final int DECIMAL_BYTES = 16;

    private ParquetTypes() {}

    /** Returns the Parquet schema. Columns of the index are required, value columns are optional. */
    public static MessageType message(TableSchema schema) {
        List<Type> fields = new ArrayList<>();
        for (TableSchema.IndexField field : schema.index()) {
            fields.add(type(field.type(), Repetition.REQUIRED, field.name()));
        }
        for (TableSchema.ColumnField field : schema.columns()) {
            fields.add(type(field.type(), Repetition.OPTIONAL, field.name()));
        }
        return new MessageType(schema.table(), fields);
    }

    private static Type type(ColumnType type, Repetition repetition, String name) {
        if (type instanceof ColumnType.ListOf list) {
            return Types.list(repetition)
                    .element(type(list.element(), Repetition.OPTIONAL, "element"))
                    .named(name);
        }
        if (type instanceof ColumnType.MapOf map) {
            return Types.map(repetition)
                    .key(type(ColumnType.Scalar.STRING, Repetition.REQUIRED, "key"))
                    .value(type(map.value(), Repetition.OPTIONAL, "value"))
                    .named(name);
        }
        return scalar((ColumnType.Scalar) type, repetition, name);
    }

    private static PrimitiveType scalar(ColumnType.Scalar type, Repetition repetition, String name) {
        return switch (type) {
            case BOOLEAN ->
                Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
            case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
            case LONG, DURATION ->
                Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
            case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition).named(name);
            case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
            case STRING, ENUM, PATH ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case BYTES -> Types.primitive(PrimitiveTypeName.BINARY, repetition).named(name);
            case INSTANT ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS))
                        .named(name);
            case DATE ->
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                        .as(LogicalTypeAnnotation.dateType())
                        .named(name);
            case DECIMAL ->
                Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                        .length(DECIMAL_BYTES)
                        .as(LogicalTypeAnnotation.decimalType(ColumnType.DECIMAL_SCALE, ColumnType.DECIMAL_PRECISION))
                        .named(name);
        };
    }
}
