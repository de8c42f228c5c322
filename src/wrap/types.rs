//! Types at the boundary: from evaluated types back to index spaces.
//!
//! # Problem
//!
//! A component is only valid if the types of what it imports and exports refer to types *by the
//! names under which they are imported or exported*: a function over a `record` must use the index
//! of the record that some interface exports, not an equal record defined beside it.
//!
//! # How
//!
//! [`Scopes`] is a stack: the outer component, and the instance types that are being written. A
//! scope knows which [`TypeId`]s have an index in it. To refer to a type, its chain of aliases is
//! followed until an entry is known, in the innermost scope first, then in those around it (which
//! makes an outer alias). A type that no scope knows under any of its names is looked up by its
//! structure, if it is of a kind that has to have a name; otherwise it is defined on the spot.

use std::collections::BTreeSet;

use wasm_encoder::{
    Alias, ComponentBuilder, ComponentDefinedTypeEncoder, ComponentExportKind, ComponentExternName,
    ComponentFuncTypeEncoder, ComponentOuterAliasKind, ComponentTypeRef, ComponentValType,
    InstanceType, TypeBounds,
};
use wasm_fuser_merge::hash::{HashMap, HashSet};

use super::declarations::Declarations;
use super::item::Direction;
use crate::error::{Error, Result};
use crate::plan::{
    BagId, CarriedId, FuncType, ImportedComponentId, Item, ModuleDef, Plan, Type, TypeId, Types,
};

/// The scopes that a type can be referred to from: the outer component, then instance types.
pub(super) struct Scopes<'p, 'a> {
    pub(super) plan: &'p Plan<'a>,
    pub component: ComponentBuilder,
    /// Core modules that the outer component has, as the input has them.
    pub(super) modules: HashMap<ModuleDef, u32>,
    /// Components that the outer component imports.
    pub(super) components: HashMap<ImportedComponentId, u32>,
    root: Scope,
    pub(super) nested: Vec<(Declarations, Scope)>,
    /// In a shell, the types that it has imported because they have to have a name.
    imported: Option<Vec<(TypeId, u32)>>,
}

/// What has an index in a scope.
#[derive(Clone, Default)]
pub(super) struct Scope {
    types: HashMap<TypeId, Known>,
    /// By structure, the kinds of type that have to have a name.
    named: HashMap<TypeId, TypeId>,
    /// What was defined on the spot.
    made: BTreeSet<TypeId>,
    /// Definitions that are carried over.
    pub(super) carried: HashMap<CarriedId, u32>,
}

/// Where a known type is.
#[derive(Clone)]
enum Known {
    /// In the type index space.
    Index(u32),
    /// An export of an instance, or of one that it exports, not aliased yet.
    Export { instance: u32, path: Vec<String> },
}

impl<'p, 'a> Scopes<'p, 'a> {
    pub fn new(plan: &'p Plan<'a>) -> Self {
        Scopes {
            plan,
            component: ComponentBuilder::default(),
            modules: HashMap::new(),
            components: HashMap::new(),
            root: Scope::default(),
            nested: Vec::new(),
            imported: None,
        }
    }

    /// Scopes of a component that imports, as `type0`, `type1` and so on, whatever type it mentions
    /// that has to have a name.
    pub fn importing(plan: &'p Plan<'a>) -> Self {
        Scopes { imported: Some(Vec::new()), ..Scopes::new(plan) }
    }

    /// The types that were imported because they have to have a name.
    pub fn imported_types(&self) -> Vec<TypeId> {
        self.imported.iter().flatten().map(|(ty, _)| *ty).collect()
    }

    /// Whether a type is one of those, and goes by no other name yet.
    pub fn imports(&mut self, ty: TypeId) -> Result<bool> {
        let index = self.index(ty)?;
        Ok(self.imported.iter().flatten().any(|(_, imported)| *imported == index))
    }

    /// Forgets all types but imported ones: those that are made of them are to be made anew once
    /// the imported ones are exported under other names.
    pub fn forget_unnamed(&mut self) {
        self.root = Scope::default();
        for (ty, index) in self.imported.clone().unwrap_or_default() {
            self.know(ty, index);
        }
    }

    /// Forgets what was defined on the spot, of the outer component, and is made of any of these
    /// types: once they are exported, it is to be made anew, of what is exported.
    pub fn forget_made_of(&mut self, types: impl Iterator<Item = TypeId>) {
        let all = &self.plan.types;
        let mut stale: HashSet<_> = types.map(|ty| all.canonical(ty)).collect();
        let made = self.root.made.clone();
        // The parts of a type come before it.
        for ty in made {
            let mut parts = all[ty].parts().into_iter().map(|part| all.canonical(part));
            if parts.any(|part| stale.contains(&part)) {
                stale.insert(all.canonical(ty));
                self.root.forget(all, ty);
            }
        }
    }

    /// Forgets the types that were defined since, which have no names in the outer component.
    pub fn forget(&mut self, since: Scope) {
        self.root = since;
    }

    /// What is known now.
    pub fn known(&self) -> Scope {
        self.root.clone()
    }

    /// Says that a type has an index in the innermost scope.
    pub fn know(&mut self, ty: TypeId, index: u32) {
        let types = &self.plan.types;
        self.scope().know(types, ty, Known::Index(index));
    }

    /// Says that the types of an instance of the outer component can be aliased from there, and
    /// those of instances in it.
    pub fn know_exports(&mut self, instance: u32, bag: BagId) {
        self.root.know_exports(self.plan, instance, bag);
    }

    /// Whether the outer component would refer to a type by a name that it knows already: its own,
    /// or that of a type that is equal to it.
    pub fn knows(&self, ty: TypeId) -> bool {
        self.knows_itself(ty) || self.root.named.contains_key(&self.plan.types.canonical(ty))
    }

    /// Whether the outer component knows this very type.
    pub fn knows_itself(&self, ty: TypeId) -> bool {
        let types = &self.plan.types;
        let mut names = std::iter::successors(Some(ty), |id| types.alias_of(*id));
        names.any(|id| self.root.types.contains_key(&id))
    }

    pub(super) fn scope(&mut self) -> &mut Scope {
        match self.nested.last_mut() {
            Some((_, scope)) => scope,
            None => &mut self.root,
        }
    }

    /// The instance type of a bag, defined in the outer component.
    pub fn instance_type(&mut self, bag: BagId) -> Result<u32> {
        let ty = self.instance_declarations(bag)?;
        Ok(self.component.type_instance(None, &ty))
    }

    fn instance_declarations(&mut self, bag: BagId) -> Result<InstanceType> {
        self.nested.push((Declarations::Instance(InstanceType::new()), Scope::default()));
        for (name, item) in &self.plan.bags[bag] {
            self.declare(name.as_str().into(), *item, Direction::Exported)?;
        }
        match self.nested.pop() {
            Some((Declarations::Instance(ty), _)) => Ok(ty),
            _ => Err(Error::internal("an instance type is not open")),
        }
    }

    /// Adds an import or an export to the innermost type, and says where it is.
    pub fn declare(
        &mut self,
        name: ComponentExternName<'_>,
        item: Item,
        direction: Direction,
    ) -> Result<()> {
        let plan = self.plan;
        let ty = self.declaration(item)?;
        let Some((declarations, scope)) = self.nested.last_mut() else {
            return Err(Error::internal("no type is open"));
        };
        if let Item::Type(id) = item {
            scope.know(&plan.types, id, Known::Index(declarations.type_count()));
        }
        match direction {
            Direction::Imported => declarations.import(name, ty)?,
            Direction::Exported => declarations.export(name, ty),
        }
        if let Item::Instance(inner) = item {
            scope.know_exports(plan, declarations.instance_count() - 1, inner);
        }
        Ok(())
    }

    /// The declared type of an item, as an import or an export of an instance type has it.
    pub fn declaration(&mut self, item: Item) -> Result<ComponentTypeRef> {
        Ok(match item {
            Item::Func(_, ty) => ComponentTypeRef::Func(self.func(ty)?),
            Item::Type(ty) => match self.plan.types.alias_of(ty) {
                Some(of) if !self.is_new_resource(ty) => {
                    ComponentTypeRef::Type(TypeBounds::Eq(self.index(of)?))
                }
                _ => ComponentTypeRef::Type(TypeBounds::SubResource),
            },
            // How deep instances nest is bounded by `Limits::depth`.
            Item::Instance(bag) => ComponentTypeRef::Instance(match self.nested.is_empty() {
                true => self.instance_type(bag)?,
                false => {
                    let inner = self.instance_declarations(bag)?;
                    let Some((outer, _)) = self.nested.last_mut() else {
                        return Err(Error::internal("an instance type is not open"));
                    };
                    outer.ty().instance(&inner);
                    outer.type_count() - 1
                }
            }),
            Item::Declared(id) => {
                ComponentTypeRef::Type(TypeBounds::Eq(self.carried(self.plan.carried_type(id)?)?))
            }
            Item::Module(_, Some(ty)) => {
                ComponentTypeRef::Module(self.carried(self.plan.carried_type(ty)?)?)
            }
            Item::Component(_, Some(ty)) => {
                ComponentTypeRef::Component(self.carried(self.plan.carried_type(ty)?)?)
            }
            Item::Module(_, None) | Item::Component(_, None) => {
                return Err(Error::internal("a core module or component has no type"));
            }
        })
    }

    /// Whether a type is a resource that no scope knows: whoever declares it is the first.
    fn is_new_resource(&self, ty: TypeId) -> bool {
        let types = &self.plan.types;
        let is_known = |depth| {
            let scope = self.scope_at(depth);
            let mut names = std::iter::successors(Some(ty), |id| types.alias_of(*id));
            names.any(|id| scope.types.contains_key(&id))
                || scope.named.contains_key(&types.canonical(ty))
        };
        matches!(types[ty], Type::Resource(_)) && !(0..=self.nested.len()).any(is_known)
    }

    /// The index of a function type in the innermost scope, defined there.
    pub fn func(&mut self, ty: TypeId) -> Result<u32> {
        let plan = self.plan;
        let FuncType { params, result, async_ } = plan.types.func(ty)?;
        let params = params
            .iter()
            .map(|(name, ty)| Ok((&**name, self.val_type(*ty)?)))
            .collect::<Result<Vec<_>>>()?;
        let result = self.optional(*result)?;
        Ok(self.define_func(|mut func| {
            func.async_(*async_);
            func.params(params);
            func.result(result);
        }))
    }

    fn val_type(&mut self, ty: TypeId) -> Result<ComponentValType> {
        match self.plan.types[ty] {
            Type::Primitive(ty) => Ok(ComponentValType::Primitive(ty.into())),
            _ => Ok(ComponentValType::Type(self.index(ty)?)),
        }
    }

    /// Refers to a type of values, if there is one.
    pub fn optional(&mut self, ty: Option<TypeId>) -> Result<Option<ComponentValType>> {
        ty.map(|ty| self.val_type(ty)).transpose()
    }

    /// The index of a type in the innermost scope: under a name, if it has one, else defined.
    pub fn index(&mut self, ty: TypeId) -> Result<u32> {
        let types = &self.plan.types;
        let canonical = types.canonical(ty);
        for depth in (0..=self.nested.len()).rev() {
            let scope = self.scope_at(depth);
            let mut name = Some(ty);
            while let Some(id) = name {
                if let Some(known) = scope.types.get(&id) {
                    let known = known.clone();
                    return self.bring_in(ty, id, depth, known);
                }
                name = types.alias_of(id);
            }
        }
        for depth in (0..=self.nested.len()).rev() {
            let scope = self.scope_at(depth);
            if let Some((&id, known)) =
                scope.named.get(&canonical).and_then(|id| Some((id, scope.types.get(id)?)))
            {
                let known = known.clone();
                return self.bring_in(ty, id, depth, known);
            }
        }
        if self.plan.types[ty].has_name() && self.imported.is_some() {
            let index = self.import_type(ty)?;
            self.know(ty, index);
            return Ok(index);
        }
        let index = self.define(ty)?;
        self.know(ty, index);
        self.scope().made.insert(ty);
        Ok(index)
    }

    /// Imports a type that has to have a name.
    fn import_type(&mut self, ty: TypeId) -> Result<u32> {
        let bounds = match self.plan.types[ty] {
            Type::Resource(_) => TypeBounds::SubResource,
            _ => TypeBounds::Eq(self.define(ty)?),
        };
        let imported = self.imported.get_or_insert_default();
        let name = format!("type{}", imported.len());
        let index = self.component.import(name, ComponentTypeRef::Type(bounds));
        imported.push((ty, index));
        Ok(index)
    }

    fn scope_at(&self, depth: usize) -> &Scope {
        match depth.checked_sub(1).and_then(|depth| self.nested.get(depth)) {
            Some((_, scope)) => scope,
            None => &self.root,
        }
    }

    /// Makes a type that the scope at `depth` knows known in the innermost one.
    fn bring_in(&mut self, ty: TypeId, id: TypeId, depth: usize, known: Known) -> Result<u32> {
        let index = match known {
            Known::Index(index) => index,
            Known::Export { instance, path } => {
                let kind = ComponentExportKind::Type;
                let index = self.alias_at(depth, instance, &path, kind)?;
                let scope = match depth.checked_sub(1).and_then(|at| self.nested.get_mut(at)) {
                    Some((_, scope)) => scope,
                    None => &mut self.root,
                };
                scope.types.insert(id, Known::Index(index));
                index
            }
        };
        let count = self.nested.len() - depth;
        let Some((instance, scope)) = self.nested.last_mut().filter(|_| count > 0) else {
            return Ok(index);
        };
        let local = instance.type_count();
        let kind = ComponentOuterAliasKind::Type;
        instance.alias(Alias::Outer { kind, count: count as u32, index });
        scope.types.insert(ty, Known::Index(local));
        Ok(local)
    }

    /// Aliases an export of an instance of the outer component, or of an instance in it, and so on.
    pub fn alias(
        &mut self,
        instance: u32,
        path: &[String],
        kind: ComponentExportKind,
    ) -> Result<u32> {
        self.alias_at(0, instance, path, kind)
    }

    /// The same for an instance that the scope at `depth` has.
    fn alias_at(
        &mut self,
        depth: usize,
        mut instance: u32,
        path: &[String],
        kind: ComponentExportKind,
    ) -> Result<u32> {
        let Some((last, between)) = path.split_last() else {
            return Err(Error::internal("an export has no name"));
        };
        for name in between {
            instance = self.alias_export(depth, instance, name, ComponentExportKind::Instance);
        }
        Ok(self.alias_export(depth, instance, last, kind))
    }

    fn alias_export(
        &mut self,
        depth: usize,
        instance: u32,
        name: &str,
        kind: ComponentExportKind,
    ) -> u32 {
        match depth.checked_sub(1).and_then(|at| self.nested.get_mut(at)) {
            Some((scope, _)) => {
                scope.alias(Alias::InstanceExport { instance, kind, name });
                match kind {
                    ComponentExportKind::Type => scope.type_count() - 1,
                    _ => scope.instance_count() - 1,
                }
            }
            None => self.component.alias_export(instance, name, kind),
        }
    }

    /// Makes a type, of what is known, whether it is known or not.
    pub fn define(&mut self, ty: TypeId) -> Result<u32> {
        use ComponentDefinedTypeEncoder as Encoder;
        let plan = self.plan;
        Ok(match &plan.types[ty] {
            Type::Primitive(ty) => self.define_with(|e: Encoder<'_>| e.primitive((*ty).into())),
            Type::Record(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, ty)| Ok((&**name, self.val_type(*ty)?)))
                    .collect::<Result<Vec<_>>>()?;
                self.define_with(|e: Encoder<'_>| e.record(fields))
            }
            Type::Variant(cases) => {
                let cases = cases
                    .iter()
                    .map(|(name, ty)| Ok((&**name, self.optional(*ty)?)))
                    .collect::<Result<Vec<_>>>()?;
                self.define_with(|e: Encoder<'_>| e.variant(cases))
            }
            Type::List(element) => {
                let element = self.val_type(*element)?;
                self.define_with(|e: Encoder<'_>| e.list(element))
            }
            Type::FixedLengthList(element, length) => {
                let element = self.val_type(*element)?;
                self.define_with(|e: Encoder<'_>| e.fixed_length_list(element, *length))
            }
            Type::Map { key, value, .. } => {
                let (key, value) = (self.val_type(*key)?, self.val_type(*value)?);
                self.define_with(|e: Encoder<'_>| e.map(key, value))
            }
            Type::Tuple(types) => {
                let types =
                    types.iter().map(|ty| self.val_type(*ty)).collect::<Result<Vec<_>>>()?;
                self.define_with(|e: Encoder<'_>| e.tuple(types))
            }
            Type::Flags(labels) => {
                self.define_with(|e: Encoder<'_>| e.flags(labels.iter().map(|label| &**label)))
            }
            Type::Enum(labels) => {
                self.define_with(|e: Encoder<'_>| e.enum_type(labels.iter().map(|label| &**label)))
            }
            Type::Option(ty) => {
                let ty = self.val_type(*ty)?;
                self.define_with(|e: Encoder<'_>| e.option(ty))
            }
            Type::Result { ok, err } => {
                let (ok, err) = (self.optional(*ok)?, self.optional(*err)?);
                self.define_with(|e: Encoder<'_>| e.result(ok, err))
            }
            Type::Own(resource) => {
                let resource = self.index(*resource)?;
                self.define_with(|e: Encoder<'_>| e.own(resource))
            }
            Type::Borrow(resource) => {
                let resource = self.index(*resource)?;
                self.define_with(|e: Encoder<'_>| e.borrow(resource))
            }
            Type::Future(ty) => {
                let ty = self.optional(*ty)?;
                self.define_with(|e: Encoder<'_>| e.future(ty))
            }
            Type::Stream(ty) => {
                let ty = self.optional(*ty)?;
                self.define_with(|e: Encoder<'_>| e.stream(ty))
            }
            Type::Func(_) => self.func(ty)?,
            Type::Resource(_) => {
                return Err(Error::internal("a resource at the boundary has no name there"));
            }
        })
    }

    fn define_with(&mut self, encode: impl FnOnce(ComponentDefinedTypeEncoder<'_>)) -> u32 {
        match self.nested.last_mut() {
            Some((instance, _)) => {
                encode(instance.ty().defined_type());
                instance.type_count() - 1
            }
            None => {
                let (index, encoder) = self.component.type_defined(None);
                encode(encoder);
                index
            }
        }
    }

    fn define_func(&mut self, encode: impl FnOnce(ComponentFuncTypeEncoder<'_>)) -> u32 {
        match self.nested.last_mut() {
            Some((instance, _)) => {
                encode(instance.ty().function());
                instance.type_count() - 1
            }
            None => {
                let (index, encoder) = self.component.type_function(None);
                encode(encoder);
                index
            }
        }
    }
}

impl Scope {
    fn know(&mut self, types: &Types, ty: TypeId, known: Known) {
        self.types.insert(ty, known);
        if types[ty].has_name() {
            self.named.insert(types.canonical(ty), ty);
        }
    }

    fn forget(&mut self, types: &Types, ty: TypeId) {
        self.made.remove(&ty);
        self.types.remove(&ty);
        if self.named.get(&types.canonical(ty)) == Some(&ty) {
            self.named.remove(&types.canonical(ty));
        }
    }

    /// The types that an instance exports, and of those that instances in it export, what is not
    /// known already.
    fn know_exports(&mut self, plan: &Plan<'_>, instance: u32, bag: BagId) {
        let mut open = vec![(bag, Vec::new())];
        let mut seen = HashSet::from_iter([bag]);
        while let Some((bag, path)) = open.pop() {
            for (name, item) in &plan.bags[bag] {
                let of = |name: &String| path.iter().chain([name]).cloned().collect();
                match item {
                    Item::Type(ty) if path.is_empty() || !self.types.contains_key(ty) => {
                        self.know(&plan.types, *ty, Known::Export { instance, path: of(name) });
                    }
                    Item::Instance(inner) if seen.insert(*inner) => open.push((*inner, of(name))),
                    _ => {}
                }
            }
        }
    }
}
