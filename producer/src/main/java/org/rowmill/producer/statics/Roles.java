package org.rowmill.producer.statics;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** When the methods of a project run: in the initializer of a class, only on the head, or in rows. */
final class Roles {

    private final Map<String, Set<String>> callers = new HashMap<>();
    private final Map<String, MethodUses> methods = new HashMap<>();
    private final Set<String> initializers;
    private final Set<String> onHead;

    /**
     * Determines the roles.
     *
     * @param types the classes
     * @param tables internal names of the table classes
     */
    Roles(Collection<ScannedClass> types, List<String> tables) {
        for (ScannedClass type : types) {
            methods.putAll(type.methods);
            type.methods.forEach((key, method) -> method.calls.forEach(called ->
                    callers.computeIfAbsent(called, name -> new HashSet<>()).add(key)));
        }
        initializers = closure(MethodUses::isInitializer);
        onHead = closure(method ->
                tables.contains(method.owner) && (method.name.equals("index") || method.name.equals("report")));
    }

    /** Returns the methods that fit, and those that only they call. */
    private Set<String> closure(Predicate<MethodUses> isFirst) {
        Set<String> found = new HashSet<>();
        boolean isGrowing = true;
        while (isGrowing) {
            isGrowing = false;
            for (Map.Entry<String, MethodUses> method : methods.entrySet()) {
                Set<String> from = callers.getOrDefault(method.getKey(), Set.of());
                boolean isOnlyCalledThere = !from.isEmpty() && found.containsAll(from);
                if (isFirst.test(method.getValue()) || isOnlyCalledThere) {
                    isGrowing |= found.add(method.getKey());
                }
            }
        }
        return found;
    }

    boolean isInitializer(String method) {
        return initializers.contains(method);
    }

    boolean isOnHead(String method) {
        return onHead.contains(method);
    }
}
