package org.rowmill.producer.statics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a method does with static fields, in the order of its instructions. Used by one thread.
 */
final class MethodUses {

    /** How a field is used. */
    enum How {
        /** Its value is read. */
        READ,
        /** It is assigned. */
        ASSIGN,
        /** The content of its object or array is changed. */
        CHANGE
    }

    /**
     * One use.
     *
     * @param owner internal name of the class that the instruction names, which may inherit the field
     * @param field name of the field
     * @param how how it is used
     */
    record Use(String owner, String field, How how) {}

    /**
     * An assignment.
     *
     * @param type internal name of the type of the value; empty if unknown
     * @param producer class and method that made the value, if a method did; otherwise empty
     * @param line the line in the source
     */
    record Assignment(String owner, String field, String type, String producer, int line) {}

    final String owner;
    final String name;
    final List<Use> uses = new ArrayList<>();
    final List<Assignment> assignments = new ArrayList<>();
    final Set<String> calls = new LinkedHashSet<>();
    boolean isSynchronized;

    MethodUses(String owner, String name, boolean isSynchronized) {
        this.owner = owner;
        this.name = name;
        this.isSynchronized = isSynchronized;
    }

    /** Returns whether the method runs once, when its class is initialized; lambdas in it usually do, too. */
    boolean isInitializer() {
        return name.equals("<clinit>") || name.startsWith("lambda$static$");
    }
}
