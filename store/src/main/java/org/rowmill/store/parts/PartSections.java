package org.rowmill.store.parts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sections of a part. A footer says for all rows whether they have a column. When a part is replaced by a part with
 * the same rows, only some of them may have a new column. Rows with the same computed columns then are a section: a
 * range of row groups with a footer of its own.
 */
final class PartSections {

    /** Key of the metadata that lists the sections. A part with one section has none. */
    static final String KEY = "rowmill.sections";

    private static final JsonFactory JSON = new JsonFactory();

    private PartSections() {}

    /**
     * A section.
     *
     * @param groups number of row groups
     * @param footer what the section says about its columns
     */
    record Section(int groups, PartFooter footer) {}

    /** Returns the metadata of a part. */
    static Map<String, String> metadata(List<Section> sections) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (sections.size() == 1) {
            metadata.put(PartFooter.KEY, sections.get(0).footer().toJson());
        } else {
            metadata.put(PartFooter.KEY, sections.get(0).footer().toSectionsJson());
            metadata.put(KEY, toJson(sections));
        }
        metadata.put(PartChecksum.KEY, PartChecksum.NONE);
        return metadata;
    }

    private static String toJson(List<Section> sections) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartArray();
            for (Section section : sections) {
                out.writeStartObject();
                out.writeNumberField("groups", section.groups());
                out.writeStringField("footer", section.footer().toJson());
                out.writeEndObject();
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return text.toString();
    }

    /**
     * Reads the sections from the metadata of a part.
     *
     * @param metadata the metadata
     * @param groups number of row groups in the file
     * @throws IOException if Rowmill did not write the metadata, or they do not fit the file
     */
    static List<Section> parse(Map<String, String> metadata, int groups) throws IOException {
        String footer = metadata.get(PartFooter.KEY);
        if (footer == null) {
            throw new IOException("Rowmill did not write it");
        }
        PartFooter first = PartFooter.parse(footer);
        String json = metadata.get(KEY);
        List<Section> sections = json == null ? List.of(new Section(groups, first)) : parse(json);
        int sum = sections.stream().mapToInt(Section::groups).sum();
        if (sum != groups) {
            throw new IOException("metadata " + KEY + ": " + sum + " row groups, but the file has " + groups);
        }
        return sections;
    }

    private static List<Section> parse(String json) throws IOException {
        List<Section> sections = new ArrayList<>();
        try (JsonParser in = JSON.createParser(json)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.START_OBJECT) {
                sections.add(section(in));
            }
        }
        return sections;
    }

    private static Section section(JsonParser in) throws IOException {
        int groups = -1;
        String footer = "";
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            if (name.equals("groups")) {
                groups = in.getIntValue();
            } else if (name.equals("footer")) {
                footer = in.getText();
            }
        }
        if (groups < 0) {
            throw new IOException("metadata " + KEY + ": a section has no number of row groups");
        }
        return new Section(groups, PartFooter.parse(footer));
    }
}
