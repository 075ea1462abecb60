package org.rowmill.producer.code;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;

/**
 * Hashes the code that one column method can reach: methods that are called, overriding methods of classes that are
 * created, initializers of fields that are read. Generated names of classes and methods are replaced by numbers in the
 * order of the walk. Used once, by one thread.
 */
final class CodeWalk implements Operand.Reader {

    /** Name of an anonymous, local or generated class. Another such class before it changes its number. */
    private static final Pattern GENERATED = Pattern.compile("[^;()\\[ .<>]*\\$\\d[^;()\\[ .<>]*");

    /** What comes before a name in a descriptor. */
    private static final Pattern PRIMITIVES = Pattern.compile("[BCDFIJSZV]*L");

    private static final Pattern CLASS_NAME =
            Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*(\\.[\\p{L}_][\\p{L}\\p{N}_$]*)*");

    private final ProjectClasses classes;
    private final Set<String> tableClasses;
    private final MessageDigest digest;
    private final Deque<Unit> work = new ArrayDeque<>();
    private final Set<String> units = new HashSet<>();
    private final Map<String, Integer> methodNumbers = new HashMap<>();
    private final Map<String, Integer> typeNumbers = new HashMap<>();
    private final Set<String> created = new HashSet<>();
    private final Map<String, ClassFile> initialized = new HashMap<>();
    private final Map<String, List<InitializerSlices.Slice>> slices = new HashMap<>();
    private final Map<String, List<ClassFile>> createdBelow = new HashMap<>();
    private final Map<String, Set<String>> called = new HashMap<>();
    private final Set<String> reflective = new HashSet<>();
    private final List<Strings> strings = new ArrayList<>();
    private Unit current = new Unit("", false, new MethodCode("", 0, List.of(), Map.of(), List.of()), 0, 0);

    /** A piece of code to hash. */
    private record Unit(String owner, boolean isOwn, MethodCode code, int from, int to) {}

    /**
     * String constants of the code of one method.
     *
     * @param owner name of the class
     * @param values the constants, in the order of the code
     */
    record Strings(String owner, List<String> values) {}

    /**
     * Makes a walk.
     *
     * @param classes classes of the project
     * @param tableClasses names of the table class and of everything that it extends or implements
     * @param digest receives what is reached
     */
    CodeWalk(ProjectClasses classes, Set<String> tableClasses, MessageDigest digest) {
        this.classes = classes;
        this.tableClasses = Set.copyOf(tableClasses);
        this.digest = digest;
    }

    /**
     * Hashes the method and everything that it reaches.
     *
     * @param table name of the table class
     * @param owner name of the class that declares the method
     * @param key name and descriptor of the method
     * @return the string constants of the code of the project, in order, one list for each method
     */
    List<Strings> hash(String table, String owner, String key) {
        ClassFile file = classes.find(table);
        if (file != null) {
            noteCreated(file); // by Rowmill, which calls only this method
            initialize(table);
        }
        method(new Operand.Method(Operand.Call.SPECIAL, owner, key));
        method(new Operand.Method(Operand.Call.SPECIAL, table, "<init>()V"));
        for (Unit unit = work.poll(); unit != null; unit = work.poll()) {
            hash(unit);
        }
        return strings;
    }

    private void hash(Unit unit) {
        current = unit;
        strings.add(new Strings(unit.owner(), new ArrayList<>()));
        add("method");
        for (Instruction instruction : unit.code().instructions().subList(unit.from(), unit.to())) {
            add(Integer.toString(instruction.opcode()));
            instruction.operands().forEach(operand -> add(operand.text(this)));
        }
    }

    private void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    @Override
    public String target(Label label) {
        return "L" + (current.code().position(label) - current.from());
    }

    @Override
    public String types(String names) {
        if (names.indexOf('$') < 0) {
            return names;
        }
        Matcher generated = GENERATED.matcher(names);
        return generated.replaceAll(match -> {
            boolean isDescriptor = match.end() < names.length() && names.charAt(match.end()) == ';';
            Matcher primitives = PRIMITIVES.matcher(match.group());
            int begin = isDescriptor && primitives.lookingAt() ? primitives.end() : 0;
            String type = match.group().substring(begin);
            return Matcher.quoteReplacement(match.group().substring(0, begin) + "type "
                    + typeNumbers.computeIfAbsent(type, name -> typeNumbers.size()));
        });
    }

    @Override
    public String string(String value) {
        if (current.isOwn()) {
            strings.get(strings.size() - 1).values().add(value);
            ClassFile named = CLASS_NAME.matcher(value).matches() ? classes.find(value.replace('.', '/')) : null;
            if (named != null && named.isOwn()) {
                reflect(named);
            }
        }
        return "\"" + value;
    }

    @Override
    public String classConstant(String type) {
        boolean isItself = current.owner().equals(type) || current.owner().startsWith(type + "$");
        ClassFile file = classes.find(type);
        if (file != null && !isItself) {
            if (file.isOwn()) {
                reflect(file);
            } else {
                created(type);
            }
        }
        classes.resource("META-INF/services/" + type.replace('/', '.')).ifPresent(url -> {
            String providers = new String(ProjectClasses.content(url), StandardCharsets.UTF_8);
            providers.lines().map(line -> line.replaceFirst("#.*", "").strip()).forEach(this::provide);
        });
        return "class " + types(type);
    }

    private void provide(String provider) {
        ClassFile file = provider.isEmpty() ? null : classes.find(provider.replace('.', '/'));
        if (file != null) {
            add("service " + provider);
            created(file.name());
            file.methods().stream().filter(MethodCode::isConstructor).forEach(code -> enqueue(file, code));
        }
    }

    /** Reaches all of a class, because code may use it by reflection. Tables are not used so. */
    private void reflect(ClassFile file) {
        if (tableClasses.contains(file.name()) || !reflective.add(file.name())) {
            return;
        }
        add("reflective " + types(file.name()));
        file.annotations().forEach(this::add);
        created(file.name());
        for (String field : file.fields()) {
            add(types(field) + file.field(field));
        }
        for (MethodCode code : file.methods()) {
            add(code.isConstructor() ? "constructor" : types(code.key()));
            code.annotations().forEach(this::add);
            enqueue(file, code);
        }
    }

    @Override
    public String created(String type) {
        ClassFile file = classes.find(type);
        if (file != null && noteCreated(file)) {
            initialize(type);
            file.parents().forEach(parent -> add("extends " + types(parent)));
            for (String key : classes.outsideMethods(type)) {
                reach(classes.resolve(type, key));
            }
            for (String ancestor : classes.ancestors(type)) {
                List.copyOf(called.getOrDefault(ancestor, Set.of())).forEach(key -> reach(classes.resolve(type, key)));
            }
        }
        return types(type);
    }

    /** Returns false if it was created before. */
    private boolean noteCreated(ClassFile file) {
        if (!created.add(file.name())) {
            return false;
        }
        for (String ancestor : classes.ancestors(file.name())) {
            createdBelow.computeIfAbsent(ancestor, name -> new ArrayList<>()).add(file);
        }
        return true;
    }

    @Override
    public String method(Operand.Method method) {
        String owner = method.owner();
        if (classes.find(owner) == null) {
            return types(owner + "." + method.key());
        }
        if (method.call() == Operand.Call.STATIC) {
            initialize(owner);
        }
        boolean isNew = method.call() == Operand.Call.VIRTUAL
                && called.computeIfAbsent(owner, name -> new LinkedHashSet<>()).add(method.key());
        if (isNew) { // an overriding method of a created class may be meant
            List.copyOf(createdBelow.getOrDefault(owner, List.of()))
                    .forEach(file -> reach(classes.resolve(file.name(), method.key())));
        }
        ProjectClasses.Found found = classes.resolve(owner, method.key());
        if (found == null) {
            return types(owner + "." + method.key());
        }
        reach(found);
        String name = found.owner().name() + "." + found.code().key();
        return "#" + methodNumbers.computeIfAbsent(name, key -> methodNumbers.size());
    }

    private void reach(ProjectClasses.@Nullable Found found) {
        if (found == null) {
            return;
        }
        if (found.code().isConstructor() && tableClasses.contains(found.owner().name())) {
            enqueueSlices(found.owner(), found.code(), slice -> slice.fields().isEmpty());
        } else {
            enqueue(found.owner(), found.code());
        }
    }

    private void enqueue(ClassFile owner, MethodCode code) {
        enqueue(new Unit(
                owner.name(), owner.isOwn(), code, 0, code.instructions().size()));
    }

    private void enqueue(Unit unit) {
        if (units.add(unit.owner() + "." + unit.code().key() + " " + unit.from())) {
            work.add(unit);
        }
    }

    private void enqueueSlices(ClassFile owner, MethodCode code, Predicate<InitializerSlices.Slice> wanted) {
        slices
                .computeIfAbsent(owner.name() + "." + code.key(), name -> InitializerSlices.of(owner.name(), code))
                .stream()
                .filter(wanted)
                .forEach(slice -> enqueue(new Unit(owner.name(), owner.isOwn(), code, slice.from(), slice.to())));
    }

    /** Reaches what the initializer of a class does besides setting its fields. */
    private void initialize(String type) {
        for (String name : classes.ancestors(type)) {
            ClassFile file = classes.find(name);
            if (file != null && initialized.put(name, file) == null) {
                MethodCode initializer = file.method("<clinit>()V");
                if (initializer != null) {
                    enqueueSlices(file, initializer, slice -> slice.fields().isEmpty());
                }
            }
        }
    }

    @Override
    public String field(Operand.Field field) {
        ClassFile owner = classes.resolveField(field.owner(), field.key());
        if (owner != null) {
            if (field.isStatic()) {
                initialize(owner.name());
            }
            if (field.isRead()) {
                reachInitial(owner, field);
            }
        }
        return types((owner == null ? field.owner() : owner.name()) + "." + field.key());
    }

    private void reachInitial(ClassFile owner, Operand.Field field) {
        add(owner.field(field.key()));
        for (MethodCode code : owner.methods()) {
            boolean isInitializer = field.isStatic()
                    ? code.key().equals("<clinit>()V")
                    : code.isConstructor() && tableClasses.contains(owner.name());
            if (isInitializer) {
                enqueueSlices(owner, code, slice -> slice.fields().contains(field.key()));
            }
        }
    }
}
