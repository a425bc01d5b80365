"""The vocabularies of an order: what is stored, and what people read."""

from os_events.values.scalars import Code


class Profile(Code):
    """Which trade."""

    BENCH = "bench", "Bancada"
    FIELD = "field", "Campo"


class Route(Code):
    """How the work reaches the thing."""

    BENCH = "bench", "Bancada"
    VISIT = "visit", "Visita"
    REMOTE = "remote", "Remoto"


class OrderType(Code):
    """What kind of job."""

    REPAIR = "repair", "Reparo"
    INSTALLATION = "installation", "Instalação"
    CONFIGURATION = "configuration", "Configuração"
    SUPPORT = "support", "Suporte"
    MAINTENANCE = "maintenance", "Manutenção"
    RELOCATION = "relocation", "Mudança de endereço"
    REMOVAL = "removal", "Retirada"
    INSPECTION = "inspection", "Vistoria"


class Basis(Code):
    """On what ground the service is due."""

    OUT_OF_WARRANTY = "out_of_warranty", "Fora de garantia"
    MANUFACTURER_WARRANTY = "manufacturer_warranty", "Garantia de fábrica"
    SELLER_WARRANTY = "seller_warranty", "Garantia legal do produto"
    SERVICE_WARRANTY = "service_warranty", "Garantia do serviço (retorno)"
    CONTRACT = "contract", "Contrato"


class Priority(Code):
    """How urgent."""

    LOW = "low", "Baixa"
    NORMAL = "normal", "Normal"
    HIGH = "high", "Alta"
    URGENT = "urgent", "Urgente"


class ContractPlace(Code):
    """Where the contract was closed."""

    ON_PREMISES = "on_premises", "No estabelecimento"
    REMOTE = "remote", "À distância"
    AT_HOME = "at_home", "Em domicílio"


class LineKind(Code):
    """What a line of a quote pays for."""

    LABOUR = "labour", "Mão de obra"
    PART = "part", "Peça"
    CONSUMABLE = "consumable", "Material"
    THIRD_PARTY = "third_party", "Terceiro"
    TRAVEL = "travel", "Deslocamento"
    DIAGNOSIS_FEE = "diagnosis_fee", "Taxa de diagnóstico"
    OTHER = "other", "Outro"


class PartCondition(Code):
    """What the customer is told of a part (CDC art. 21)."""

    NEW_ORIGINAL = "new_original", "nova original"
    NEW_EQUIVALENT_SPEC = "new_equivalent_spec", "nova compatível com a especificação"
    REFURBISHED = "refurbished", "recondicionada"
    USED = "used", "usada"
    OFF_SPEC = "off_spec", "fora da especificação"

    @property
    def is_new(self) -> bool:
        """Say whether it needs no consent of its own (W5)."""
        return self in {PartCondition.NEW_ORIGINAL, PartCondition.NEW_EQUIVALENT_SPEC}


class PartState(Code):
    """What became of a part that was asked for."""

    REQUESTED = "requested", "solicitada"
    RESERVED = "reserved", "reservada"
    ARRIVED = "arrived", "recebida"
    DELAYED = "delayed", "atrasada"
    UNAVAILABLE = "unavailable", "indisponível"
    CANCELLED = "cancelled", "cancelada"


class HoldCause(Code):
    """For whom or what the order waits."""

    CUSTOMER = "customer", "cliente"
    PARTS = "parts", "peças"
    THIRD_PARTY = "third_party", "terceiro"
    WEATHER = "weather", "clima"
    SAFETY = "safety", "segurança"
    LEGAL = "legal", "questão legal"
    INTERNAL = "internal", "motivo interno"
    SHIFT_END = "shift_end", "fim do turno"


class HoldScope(Code):
    """Whether a hold stops the order, or the clock of labour only."""

    WORK = "work", "execução"
    ORDER = "order", "ordem"


class Relation(Code):
    """What somebody is to the customer."""

    CUSTOMER = "customer", "cliente"
    AUTHORISED = "authorised", "pessoa autorizada"
    LEGAL_REPRESENTATIVE = "legal_representative", "representante legal"
    RESIDENT = "resident", "morador"
    OTHER = "other", "outro"


class ConsentMethod(Code):
    """How somebody agreed."""

    SIGNATURE = "signature", "assinatura"
    OTP = "otp", "código"
    LINK_CLICK = "link_click", "link"
    CHAT = "chat", "mensagem"
    EMAIL = "email", "e-mail"
    VOICE = "voice", "voz"
    PAPER = "paper", "papel"


class CauseSide(Code):
    """On whose side the cause of the fault lies."""

    WEAR = "wear", "desgaste"
    MANUFACTURE = "manufacture", "fabricação"
    PREVIOUS_SERVICE = "previous_service", "serviço anterior"
    THIRD_PARTY = "third_party", "terceiro"
    MISUSE = "misuse", "mau uso"
    LIQUID = "liquid", "líquido"
    PROVIDER_NETWORK = "provider_network", "rede da operadora"
    CUSTOMER_PREMISES = "customer_premises", "rede do cliente"
    UNDETERMINED = "undetermined", "indeterminado"


class WorkOutcome(Code):
    """What came of the work."""

    REPAIRED = "repaired", "reparado"
    INSTALLED = "installed", "instalado"
    CONFIGURED = "configured", "configurado"
    REMOVED = "removed", "retirado"
    MAINTAINED = "maintained", "manutenção feita"
    NO_FAULT_FOUND = "no_fault_found", "sem defeito constatado"
    PARTIAL = "partial", "parcial"
    NOT_REPAIRABLE = "not_repairable", "sem reparo possível"


class LineOutcome(Code):
    """Whether a service was done."""

    DONE = "done", "executado"
    NOT_DONE = "not_done", "não executado"


class ClosingOutcome(Code):
    """How it ended."""

    FULFILLED = "fulfilled", "atendida"
    CANNOT_COMPLETE = "cannot_complete", "não concluída"
    RETURNED_UNREPAIRED = "returned_unrepaired", "devolvida sem reparo"


class AssigneeKind(Code):
    """Who can answer for something."""

    PERSON = "person", "pessoa"
    DEPARTMENT = "department", "setor"
    SUBCONTRACTOR = "subcontractor", "terceirizado"


class Duty(Code):
    """What somebody answers for."""

    LEAD = "lead", "responsável"
    TECHNICIAN = "technician", "técnico"
    FOLLOW_UP = "follow_up", "acompanhamento"
    SALES = "sales", "vendas"
    SUPPORT = "support", "suporte"
    LOGISTICS = "logistics", "logística"
    FINANCE = "finance", "financeiro"


class NoticeKind(Code):
    """What the customer was told of."""

    QUOTE = "quote", "orçamento"
    READY = "ready", "pronto para retirada"
    PICKUP_REMINDER = "pickup_reminder", "lembrete de retirada"
    PICKUP_FORMAL = "pickup_formal", "notificação formal de retirada"
    DELAY = "delay", "atraso"
    VISIT_CONFIRMATION = "visit_confirmation", "confirmação de visita"
    VISIT_REMINDER = "visit_reminder", "lembrete de visita"
    STATUS_UPDATE = "status_update", "andamento"
    DOCUMENT_COPY = "document_copy", "cópia de documento"
    CHARGE = "charge", "cobrança"
    SURVEY = "survey", "pesquisa"
    CLAIM_REFUSAL = "claim_refusal", "resposta negativa"


class AccessoryState(Code):
    """Where an accessory is."""

    RECEIVED = "received", "recebido"
    RETURNED = "returned", "devolvido"
    MISSING = "missing", "faltante"
    KEPT_WITH_CONSENT = "kept_with_consent", "ficou, com acordo"


class Disposition(Code):
    """What becomes of a part that was taken out, as told when it was taken out."""

    TO_RETURN = "to_return", "a devolver"
    KEPT_WITH_CONSENT = "kept_with_consent", "ficou, com acordo"
    TO_MANUFACTURER = "to_manufacturer", "ao fabricante"
    E_WASTE = "e_waste", "lixo eletrônico"


class WaiverBasis(Code):
    """Why there is no quote."""

    MANUFACTURER_WARRANTY = "manufacturer_warranty", "garantia de fábrica"
    SELLER_WARRANTY = "seller_warranty", "garantia legal do produto"
    SERVICE_WARRANTY = "service_warranty", "garantia do serviço"
    CONTRACT = "contract", "contrato"
    PRIOR_PRACTICE = "prior_practice", "prática anterior"
    ZERO_VALUE = "zero_value", "sem valor"


class AuthorisationKind(Code):
    """What allows the work."""

    QUOTE = "quote", "orçamento"
    WAIVER = "waiver", "dispensa"
    NONE = "none", "nenhuma"
